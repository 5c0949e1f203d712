"""What people are told about exams and results, and what waits because of them."""

from maristan.kernel.messages import Template, Text, text

FAMILIES = {
    "exam": "results",
    "exam_to_mark": "results",
    "result": "results",
    "result_correction": "results",
    "result_correction_to_decide": "results",
    "marks": "results",
    "results": "results",
    "document": "documents",
}
KIND_EN = "{kind:transcript=transcript|bonafide=bonafide certificate|noc=no objection certificate|other=certificate}"
KIND_UR = "{kind:transcript=ٹرانسکرپٹ|bonafide=بونافائیڈ سرٹیفکیٹ|noc=عدم اعتراض سرٹیفکیٹ|other=سرٹیفکیٹ}"
EN_WHEN = ("{date:day}, {time}.", "Place: {place}.", "{course}")
UR_WHEN = ("{date:day}، {time}۔", "جگہ: {place}۔", "{course}")
MESSAGES: dict[str, Text] = {
    "exam.announced": text(
        "title", "course", "date", "time", "place",
        en=Template("Exam announced: {title}", EN_WHEN), ur=Template("امتحان کا اعلان: {title}", UR_WHEN),
    ),
    "exam.changed": text(
        "title", "course", "date", "time", "place", "was_date", "was_time", "was_place",
        en=Template("{title} has changed", (
            "Now: {date:day}, {time}.", "Place: {place}.", "Before: {was_date:day}, {was_time}.",
            "Place before: {was_place}.", "{course}",
        )),
        ur=Template("{title} میں تبدیلی ہوئی", (
            "اب: {date:day}، {time}۔", "جگہ: {place}۔", "پہلے: {was_date:day}، {was_time}۔", "پہلی جگہ: {was_place}۔",
            "{course}",
        )),
    ),
    "marks.due": text(
        "title", "count", "date",
        en=Template("The marks of {title} are due", (
            "{count:result|results} without all marks.", "Due on {date:day}.",
        )),
        ur=Template("{title} کے نمبروں کی مدت ہو گئی", (
            "{count:نتیجہ|نتائج} کے نمبر نامکمل۔", "آخری تاریخ {date:day}۔",
        )),
    ),
    "results.verification_due": text(
        "title", "count",
        en=Template("Results of {title} wait to be verified", ("{count:result|results}.",)),
        ur=Template("{title} کے نتائج تصدیق کے منتظر ہیں", ("{count:نتیجہ|نتائج}۔",)),
    ),
    "results.publication_due": text(
        "title", "count",
        en=Template("Results of {title} wait to be published", ("{count:result|results}.",)),
        ur=Template("{title} کے نتائج اشاعت کے منتظر ہیں", ("{count:نتیجہ|نتائج}۔",)),
    ),
    "exam.revised": text(
        "title", "reason",
        en=Template("{title} will be announced anew", ("What was announced no longer holds.", "Reason: {reason}")),
        ur=Template("{title} کا اعلان دوبارہ ہو گا", ("پہلا اعلان اب نافذ نہیں۔", "وجہ: {reason}")),
    ),
    "exam.cancelled": text(
        "title", "reason",
        en=Template("{title} is cancelled", ("Reason: {reason}",)),
        ur=Template("{title} منسوخ ہو گیا", ("وجہ: {reason}",)),
    ),
    "result.published": text(
        "title", "course",
        en=Template("Your result for {title} is available", ("{course}",)),
        ur=Template("{title} میں آپ کا نتیجہ دستیاب ہے", ("{course}",)),
    ),
    "result.corrected": text(
        "title",
        en=Template("Your result for {title} was corrected", ("The present result stands in your results.",)),
        ur=Template("{title} میں آپ کا نتیجہ درست کیا گیا", ("موجودہ نتیجہ آپ کے نتائج میں ہے۔",)),
    ),
    "result_correction.proposed": text(
        "name", "title", "by",
        en=Template("{by} proposes to correct a result of {title}", ("{name}",)),
        ur=Template("{by} نے {title} کے ایک نتیجے کی درستی تجویز کی", ("{name}",)),
    ),
    "result_correction.approved": text(
        "name", "title", "by",
        en=Template("The correction for {name} in {title} was approved", ("By {by}.",)),
        ur=Template("{title} میں {name} کی درستی منظور ہوئی", ("منجانب {by}۔",)),
    ),
    "result_correction.rejected": text(
        "name", "title", "by", "reason",
        en=Template("The correction for {name} in {title} was rejected", ("By {by}.", "Reason: {reason}")),
        ur=Template("{title} میں {name} کی درستی مسترد ہوئی", ("منجانب {by}۔", "وجہ: {reason}")),
    ),
    "result_correction_to_decide": text(
        "name", "title", "reason",
        en=Template("Decide on a correction for {name} in {title}", ("Reason: {reason}",)),
        ur=Template("{title} میں {name} کی درستی کا فیصلہ کریں", ("وجہ: {reason}",)),
    ),
    "results_to_verify": text(
        "title", "count",
        en=Template("Verify the results of {title}", ("{count:result|results}.",)),
        ur=Template("{title} کے نتائج کی تصدیق کریں", ("{count:نتیجہ|نتائج}۔",)),
    ),
    "results_to_publish": text(
        "title", "count",
        en=Template("Publish the results of {title}", ("{count:result|results}.",)),
        ur=Template("{title} کے نتائج شائع کریں", ("{count:نتیجہ|نتائج}۔",)),
    ),
    "exam_to_mark": text(
        "title", "date",
        en=Template("Enter the marks of {title}", ("Due on {date:day}.",)),
        ur=Template("{title} کے نمبر درج کریں", ("آخری تاریخ {date:day}۔",)),
    ),
    "document.issued": text(
        "number", "kind",
        en=Template(f"Your {KIND_EN} is ready: {{number}}", ()),
        ur=Template(f"آپ کا {KIND_UR} تیار ہے: {{number}}", ()),
    ),
    "document.sent_elsewhere": text(
        "number", "kind", "address", "by",
        en=Template(f"Your {KIND_EN} {{number}} was sent to {{address}}", ("By {by}.",)),
        ur=Template(f"آپ کا {KIND_UR} {{number}} {{address}} کو بھیجا گیا", ("از {by}۔",)),
    ),
    "document.revoked": text(
        "number", "kind", "reason",
        en=Template(f"Your {KIND_EN} {{number}} is no longer valid", ("Reason: {reason}",)),
        ur=Template(f"آپ کا {KIND_UR} {{number}} اب درست نہیں", ("وجہ: {reason}",)),
    ),
    "document.failed": text(
        "name", "code",
        en=Template("A document for {name} could not be made", ("Ask for it again, or tell the registry: {code}.",)),
        ur=Template("{name} کی دستاویز نہیں بن سکی", ("دوبارہ درخواست کریں یا دفتر کو بتائیں: {code}۔",)),
    ),
}  # fmt: skip
