"""What students are told about their places, and what waits for whoever places them."""

from maristan.kernel.messages import Template, Text, text

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
    "enrolment.created": text(
        "course", "section", "by",
        en=Template("You were enrolled in {course}, section {section}", ("By {by}.",)),
        ur=Template("آپ کا {course}، سیکشن {section} میں اندراج ہوا", ("اندراج: {by}۔",)),
    ),
    "students_without_placement": text(
        "count", "batch", "program",
        en=Template("{count:student|students} of {batch} without a placement", ("{program}",)),
        ur=Template("{batch} کے {count:طالب علم|طلبہ} کسی گروپ میں نہیں رکھے گئے", ("{program}",)),
    ),
}  # fmt: skip
