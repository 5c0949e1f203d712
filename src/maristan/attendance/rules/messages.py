"""What people are told about attendance, and what waits because of it."""

from maristan.kernel.messages import Template, Text, text

MARK_EN = "{wanted:present=present|late=late|absent=absent|excused=excused}"
MARK_UR = "{wanted:present=حاضر|late=تاخیر|absent=غیر حاضر|excused=معذور}"
UNMARKED_EN, UNMARKED_UR = "{count:person|people} unmarked.", "{count:فرد|افراد} کی حاضری باقی ہے۔"

MAY_EN, MAY_NOT_EN, MAY_UR, MAY_NOT_UR = "you may sit", "you may not sit", "آپ بیٹھ سکتے ہیں", "آپ نہیں بیٹھ سکتے"
CODES = "{{code:eligible={0}|condoned={0}|below_threshold={1}|no_sessions={1}}}"
CODE_EN, CODE_UR = CODES.format(MAY_EN, MAY_NOT_EN), CODES.format(MAY_UR, MAY_NOT_UR)

FAMILIES = dict.fromkeys(("register", "mark_correction", "attendance", "eligibility_list", "condonation"), "attendance")

MESSAGES: dict[str, Text] = {
    "eligibility_list.frozen": text(
        "title", "percentage", "code",
        en=Template(f"{{title}}: {CODE_EN}", ("Your attendance: {percentage} %.",)),
        ur=Template(f"{{title}}: {CODE_UR}", ("آپ کی حاضری: {percentage} فیصد۔",)),
    ),
    "condonation_to_decide": text(
        "name", "title", "shortfall", "reason",
        en=Template("Condone the attendance of {name} for {title}?", ("{shortfall} points are missing.", "{reason}")),
        ur=Template("{title} کے لیے {name} کی کم حاضری معاف کریں؟", ("{shortfall} پوائنٹس کم ہیں۔", "{reason}")),
    ),
    "condonation.granted": text(
        "name", "title", "by",
        en=Template("{name} may sit {title} in spite of less attendance", ("By {by}.",)),
        ur=Template("کم حاضری کے باوجود {name} کو {title} میں بیٹھنے کی اجازت", ("فیصلہ: {by}۔",)),
    ),
    "condonation.refused": text(
        "name", "title", "by", "reason",
        en=Template("{name} may not sit {title}: not condoned", ("By {by}.", "Reason: {reason}")),
        ur=Template("{name} {title} میں نہیں بیٹھ سکتے: معافی نہیں ملی", ("فیصلہ: {by}۔", "وجہ: {reason}")),
    ),
    "condonation.revoked": text(
        "name", "title", "by", "reason",
        en=Template("The permission of {name} to sit {title} was taken back", ("By {by}.", "Reason: {reason}")),
        ur=Template("{name} کی {title} میں بیٹھنے کی اجازت واپس لے لی گئی", ("فیصلہ: {by}۔", "وجہ: {reason}")),
    ),
    "attendance.near_threshold": text(
        "course", "percentage", "count",
        en=Template("{course}: {percentage} % of attendance", ("You can miss {count} more.",)),
        ur=Template("{course}: حاضری {percentage} فیصد", ("آپ مزید {count} نشستیں چھوڑ سکتے ہیں۔",)),
    ),
    "attendance.below_threshold": text(
        "course", "percentage", "count",
        en=Template(
            "{course}: {percentage} % of attendance, below what exams need", ("You can miss {count} more.",)
        ),
        ur=Template(
            "{course}: حاضری {percentage} فیصد، امتحان کی حد سے کم", ("آپ مزید {count} نشستیں چھوڑ سکتے ہیں۔",)
        ),
    ),
    "register.not_submitted": text(
        "title", "date", "count",
        en=Template("Mark {title} of {date:day}", (UNMARKED_EN,)),
        ur=Template("{title} ({date:day}) کی حاضری لگائیں", (UNMARKED_UR,)),
    ),
    "register_to_submit": text(
        "title", "date", "count",
        en=Template("Submit the register of {title}, {date:day}", (UNMARKED_EN,)),
        ur=Template("{title} ({date:day}) کا رجسٹر جمع کرائیں", (UNMARKED_UR,)),
    ),
    "mark_correction.requested": text(
        "name", "title", "date", "wanted", "reason",
        en=Template(f"{{name}} asks to be marked {MARK_EN} in {{title}} of {{date:day}}", ("{reason}",)),
        ur=Template(f"{{name}} کی درخواست: {{title}} ({{date:day}}) میں {MARK_UR}", ("{reason}",)),
    ),
    "correction_to_decide": text(
        "name", "title", "date", "wanted", "reason",
        en=Template(f"{{name}}: {MARK_EN} in {{title}} of {{date:day}}?", ("{reason}",)),
        ur=Template(f"{{name}}: {{title}} ({{date:day}}) میں {MARK_UR}؟", ("{reason}",)),
    ),
    "mark_correction.accepted": text(
        "name", "title", "date", "wanted", "by",
        en=Template(f"Corrected: {{name}} is {MARK_EN} in {{title}} of {{date:day}}", ("By {by}.",)),
        ur=Template(f"درستی: {{name}} {{title}} ({{date:day}}) میں {MARK_UR}", ("فیصلہ: {by}۔",)),
    ),
    "mark_correction.declined": text(
        "name", "title", "date", "by", "reason",
        en=Template("The mark of {name} in {title} of {date:day} stays", ("By {by}.", "Reason: {reason}")),
        ur=Template("{name} کی {title} ({date:day}) کی حاضری برقرار", ("فیصلہ: {by}۔", "وجہ: {reason}")),
    ),
}  # fmt: skip
