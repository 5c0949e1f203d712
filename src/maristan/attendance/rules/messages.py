"""What people are told about attendance, and what waits because of it."""

from maristan.kernel.messages import Template, Text, text

MARK_EN = "{wanted:present=present|late=late|absent=absent|excused=excused}"
MARK_UR = "{wanted:present=حاضر|late=تاخیر|absent=غیر حاضر|excused=معذور}"
UNMARKED_EN, UNMARKED_UR = "{count:person|people} unmarked.", "{count:فرد|افراد} کی حاضری باقی ہے۔"

CODE_EN = (
    "{code:eligible=you may sit|condoned=you may sit|below_threshold=you may not sit, below the threshold"
    "|no_sessions=you may not sit, no sessions were counted}"
)
CODE_UR = (
    "{code:eligible=آپ بیٹھ سکتے ہیں|condoned=آپ بیٹھ سکتے ہیں|below_threshold=آپ نہیں بیٹھ سکتے، حاضری حد سے کم"
    "|no_sessions=آپ نہیں بیٹھ سکتے، کوئی نشست شمار نہیں}"
)

FAMILIES = dict.fromkeys(("register", "mark_correction", "attendance", "eligibility_list", "condonation"), "attendance")
DIGESTED = frozenset({"attendance.marked_absent", "attendance.fell_below"})

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
    "attendance.fell_below": text(
        "count", "people",
        en=Template("{count:learner|learners} fell below what exams need", ("{people:lines}",)),
        ur=Template("{count:طالب علم|طلبہ} کی حاضری امتحان کی حد سے کم ہو گئی", ("{people:lines}",)),
    ),
    "attendance.marked_absent": text(
        "title", "date",
        en=Template("You were marked absent in {title} of {date:day}", ("Ask for a correction if you were there.",)),
        ur=Template("{title} ({date:day}) میں آپ کی غیر حاضری لگی", ("اگر آپ موجود تھے تو درستی مانگیں۔",)),
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
