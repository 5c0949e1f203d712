"""What students are told about their places, and what waits for whoever places them."""

from maristan.kernel.messages import Template, Text, text

EN_LOCKS = (
    "{locks:request=requests|document=transcripts and documents|exam_admission=admission to exams|enrolment=enrolment}"
)
UR_LOCKS = "{locks:request=درخواستیں|document=ٹرانسکرپٹ اور دستاویزات|exam_admission=امتحان میں داخلہ|enrolment=اندراج}"
EN_PRIORITY = "Priority: {priority:low=low|medium=medium|high=high|urgent=urgent}."
UR_PRIORITY = "ترجیح: {priority:low=کم|medium=معمول|high=زیادہ|urgent=فوری}۔"

FAMILIES = {
    "student": "records", "enrolment": "records", "request": "requests", "obligation": "obligations",
    "material": "materials",
}  # fmt: skip
DIGESTED = frozenset({"material.published"})
MESSAGES: dict[str, Text] = {
    "application_to_review": text(
        "number", "name", "program",
        en=Template("Application {number} of {name} resembles another", ("{program}.",)),
        ur=Template("{name} کی درخواست {number} کسی اور سے ملتی ہے", ("{program}۔",)),
    ),
    "student.placed": text(
        "batch", "group", "reason",
        en=Template("You are now in {batch}, group {group}", ("Reason: {reason}",)),
        ur=Template("اب آپ {batch} کے گروپ {group} میں ہیں", ("وجہ: {reason}",)),
    ),
    "student.to_be_placed": text(
        "from_date", "batch", "group", "reason",
        en=Template("From {from_date:day} you are in {batch}, group {group}", ("Reason: {reason}",)),
        ur=Template("{from_date:day} سے آپ {batch} کے گروپ {group} میں ہوں گے", ("وجہ: {reason}",)),
    ),
    "enrolment.created": text(
        "course", "section", "by",
        en=Template("You were enrolled in {course}, section {section}", ("By {by}.",)),
        ur=Template("آپ کا {course}، سیکشن {section} میں اندراج ہوا", ("اندراج: {by}۔",)),
    ),
    "request.assigned": text(
        "title", "assignee", "by",
        en=Template("The request “{title}” is now with {assignee}", ("By {by}.",)),
        ur=Template("درخواست ”{title}“ اب {assignee} کے پاس ہے", ("از {by}۔",)),
    ),
    "request.approved": text(
        "title", "by", "notes",
        en=Template("The request “{title}” was approved", ("By {by}.", "{notes}")),
        ur=Template("درخواست ”{title}“ منظور ہو گئی", ("از {by}۔", "{notes}")),
    ),
    "request.rejected": text(
        "title", "by", "notes",
        en=Template("The request “{title}” was rejected", ("By {by}.", "Reason: {notes}")),
        ur=Template("درخواست ”{title}“ مسترد ہو گئی", ("از {by}۔", "وجہ: {notes}")),
    ),
    "request.completed": text(
        "title", "by", "notes",
        en=Template("The request “{title}” was served", ("By {by}.", "{notes}")),
        ur=Template("درخواست ”{title}“ پوری کر دی گئی", ("از {by}۔", "{notes}")),
    ),
    "request.remarked": text(
        "title", "by", "remark",
        en=Template("{by} wrote about the request “{title}”", ("{remark}",)),
        ur=Template("{by} نے درخواست ”{title}“ کے بارے میں لکھا", ("{remark}",)),
    ),
    "request_to_decide": text(
        "title", "type", "requester", "priority",
        en=Template("Decide the request “{title}”", ("{type}, from {requester}.", EN_PRIORITY)),
        ur=Template("درخواست ”{title}“ کا فیصلہ کریں", ("{type}، از {requester}۔", UR_PRIORITY)),
    ),
    "request_to_serve": text(
        "title", "type", "requester", "priority",
        en=Template("Serve the approved request “{title}”", ("{type}, from {requester}.", EN_PRIORITY)),
        ur=Template("منظور شدہ درخواست ”{title}“ پوری کریں", ("{type}، از {requester}۔", UR_PRIORITY)),
    ),
    "obligation.assigned": text(
        "title", "due", "locks",
        en=Template("You owe: {title}", ("Due by {due:day}.", f"It closes when it is late: {EN_LOCKS}.")),
        ur=Template("آپ کے ذمے ہے: {title}", ("{due:day} تک۔", f"دیر ہونے پر بند ہوں گے: {UR_LOCKS}۔")),
    ),
    "obligation.due": text(
        "title", "due", "locks",
        en=Template("{title} is due by {due:day}", (f"It closes when it is late: {EN_LOCKS}.",)),
        ur=Template("{title} کی آخری تاریخ {due:day} ہے", (f"دیر ہونے پر بند ہوں گے: {UR_LOCKS}۔",)),
    ),
    "obligation.locked": text(
        "title", "due", "locks",
        en=Template("{title} is not handed in", ("Due by {due:day}.", f"Closed until it is: {EN_LOCKS}.")),
        ur=Template("{title} جمع نہیں ہوا", ("{due:day} تک۔", f"جمع ہونے تک بند ہیں: {UR_LOCKS}۔")),
    ),
    "obligation.submitted": text(
        "title", "name",
        en=Template("{name} handed in: {title}", ()),
        ur=Template("{name} نے جمع کرایا: {title}", ()),
    ),
    "obligation.verified": text(
        "title", "by",
        en=Template("Verified: {title}", ("By {by}.",)),
        ur=Template("تصدیق ہو گئی: {title}", ("از {by}۔",)),
    ),
    "obligation.rejected": text(
        "title", "by", "reason",
        en=Template("Not accepted: {title}", ("By {by}.", "Reason: {reason}")),
        ur=Template("قبول نہیں ہوا: {title}", ("از {by}۔", "وجہ: {reason}")),
    ),
    "obligation_to_meet": text(
        "title", "due",
        en=Template("Hand in: {title}", ("Due by {due:day}.",)),
        ur=Template("جمع کرائیں: {title}", ("{due:day} تک۔",)),
    ),
    "obligation_to_verify": text(
        "title", "name",
        en=Template("Verify what {name} handed in: {title}", ()),
        ur=Template("{name} کا جمع کرایا ہوا دیکھیں: {title}", ()),
    ),
    "material.published": text(
        "title", "course", "by",
        en=Template("New learning material: {title}", ("{course}", "By {by}.")),
        ur=Template("نیا تدریسی مواد: {title}", ("{course}", "از {by}۔")),
    ),
    "students_without_placement": text(
        "count", "batch", "program",
        en=Template("{count:student|students} of {batch} without a placement", ("{program}",)),
        ur=Template("{batch} کے {count:طالب علم|طلبہ} کسی گروپ میں نہیں رکھے گئے", ("{program}",)),
    ),
}  # fmt: skip
