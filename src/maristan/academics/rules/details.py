"""What the requirements of academics say beyond their labels, in every language."""

from maristan.kernel.messages import Sentence, sentence

EN_IS = "It is {status}."
STUDENT = "{status:active=فعال|inactive=غیر فعال|on_leave=رخصت پر|suspended=معطل|graduated=فارغ التحصیل}"
REQUEST = (
    "{status:pending=زیرِ التوا|under_review=زیرِ غور|approved=منظور شدہ|rejected=مسترد|completed=مکمل|cancelled=منسوخ}"
)

KIND = "{kind:application=درخواست|student=طالب علم|person=فرد}"

DETAILS: dict[str, Sentence] = {
    "NOT_APPROVED": sentence(en=EN_IS, ur=f"اس کی حیثیت {REQUEST} ہے۔"),
    "INVALID_STATUS": sentence(en="The student is {status}.", ur=f"طالب علم کی حیثیت {STUDENT} ہے۔"),
    "CAPACITY_EXCEEDED": sentence(
        en="{taken} of {capacity} seats are taken.", ur="{capacity} میں سے {taken} نشستیں پُر ہیں۔"
    ),
    "capacity_below_enrolled": sentence(en="{enrolled} students are enrolled.", ur="{enrolled} طلبہ داخل ہیں۔"),
    "active_batches": sentence(en="Active batches: {count}.", ur="فعال بیچ: {count}۔"),
    "length_implied": sentence(
        en="Only a custom structure has its own length.", ur="صرف حسبِ منشا ساخت کی اپنی طوالت ہوتی ہے۔"
    ),
    "length_wanted": sentence(
        en="A custom structure needs a length in months.", ur="حسبِ منشا ساخت کو مہینوں میں طوالت چاہیے۔"
    ),
    "periods_wanted": sentence(en="Say how many periods there are.", ur="بتائیں کہ مدتیں کتنی ہیں۔"),
    "duplicate": sentence(en="{kind} {number} {name} ({shared})", ur=f"{KIND} {{number}} {{name}} ({{shared}})"),
    "duplicate_unnumbered": sentence(en="{kind} {name} ({shared})", ur=f"{KIND} {{name}} ({{shared}})"),
    "shared": sentence(en="{field}", ur="{field:cnic_or_bform=شناختی نمبر|mobile=موبائل نمبر|email=ای میل}"),
    "application_incomplete": sentence(en="{count} fields are empty.", ur="{count} خانے خالی ہیں۔"),
}
