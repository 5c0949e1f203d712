"""What applicants are written: they have no account, so these go by mail alone."""

from maristan.kernel.messages import Template, Text, text

LINK: Text = text(
    "institution", "program", "batch", "last_day",
    en=Template(
        "Your application to {institution}",
        ("Continue your application for {program}, {batch}, by this link.", "It is valid until {last_day:day}.",
         "Whoever has the link can read and change the application: keep it to yourself."),
    ),
    ur=Template(
        "{institution} میں آپ کی درخواست",
        ("{program}، {batch} کے لیے اپنی درخواست اس لنک سے جاری رکھیں۔", "یہ {last_day:day} تک کارآمد ہے۔",
         "جس کے پاس یہ لنک ہو وہ درخواست پڑھ اور بدل سکتا ہے: اسے کسی کو نہ دیں۔"),
    ),
)  # fmt: skip

# By the kind of line that is written about.
LETTERS: dict[str, Text] = {
    "application.submitted": text(
        "institution", "program", "number",
        en=Template(
            "Application {number} has arrived",
            ("{institution} has received your application for {program}.", "Its number is {number}.",
             "You will be written to when it is decided."),
        ),
        ur=Template(
            "درخواست {number} موصول ہو گئی",
            ("{institution} کو {program} کے لیے آپ کی درخواست مل گئی ہے۔", "اس کا نمبر {number} ہے۔",
             "فیصلہ ہونے پر آپ کو لکھا جائے گا۔"),
        ),
    ),
    "application.approved": text(
        "institution", "program", "number", "reg_no",
        en=Template(
            "You are admitted to {program}",
            ("{institution} has approved your application {number}.", "Your registration number is {reg_no}.",
             "An invitation to your account follows in a message of its own."),
        ),
        ur=Template(
            "آپ کو {program} میں داخلہ مل گیا",
            ("{institution} نے آپ کی درخواست {number} منظور کر لی ہے۔", "آپ کا رجسٹریشن نمبر {reg_no} ہے۔",
             "آپ کے اکاؤنٹ کی دعوت الگ پیغام میں آئے گی۔"),
        ),
    ),
    "application.rejected": text(
        "institution", "program", "number", "reason",
        en=Template(
            "Application {number} was not approved",
            ("{institution} could not approve your application for {program}.", "Reason: {reason}"),
        ),
        ur=Template(
            "درخواست {number} منظور نہیں ہوئی",
            ("{institution} {program} کے لیے آپ کی درخواست منظور نہ کر سکا۔", "وجہ: {reason}"),
        ),
    ),
}  # fmt: skip
