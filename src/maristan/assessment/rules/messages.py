"""What people are told about exams and results, and what waits because of them."""

from maristan.kernel.messages import Template, Text, text

FAMILIES = {"exam": "results", "exam_to_mark": "results", "result": "results", "result_correction": "results",
            "result_correction_to_decide": "results"}  # fmt: skip
EN_WHEN, UR_WHEN = ("{date:day}, {time}. {place}", "{course}"), ("{date:day}، {time}۔ {place}", "{course}")
MESSAGES: dict[str, Text] = {
    "exam.announced": text(
        "title", "course", "date", "time", "place",
        en=Template("Exam announced: {title}", EN_WHEN), ur=Template("امتحان کا اعلان: {title}", UR_WHEN),
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
}  # fmt: skip
