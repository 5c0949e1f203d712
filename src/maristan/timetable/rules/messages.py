"""What people are told about weeks and sessions, and what waits because of them."""

from maristan.kernel.messages import Template, Text, text
from maristan.timetable.rules import wording

CHANGES = Text(frozenset({"lines", "week_start_date", "reason", "zone"}), words=wording.amended)
EN_HIT, UR_HIT = "{count:session|sessions}", "{count:نشست|نشستیں}"
EN_TASK = f"{EN_HIT} to move, cover or cancel, {{days:days}}"
UR_TASK = f"{{days:days}} {UR_HIT}: منتقل کریں، متبادل دیں یا منسوخ کریں"
WHOSE = ("{whose}", "· {program}")

FAMILIES = {"week_plan": "timetable", "session_occurrence": "timetable", "holiday": "timetable"}
MESSAGES: dict[str, Text] = {
    "week_plan.published": text(
        "week_start_date", "whose",
        en=Template("Timetable for the week of {week_start_date:day} is out", ("{whose}.",)),
        ur=Template("{week_start_date:day} کے ہفتے کا نظام الاوقات شائع ہو گیا", ("{whose}۔",)),
    ),
    "week_plan.amended": CHANGES,
    "week_plan.reverted": text(
        "week_start_date", "reason",
        en=Template(
            "Timetable for the week of {week_start_date:day} was taken back",
            ("Its sessions are cancelled until it is published again.", "Reason: {reason}"),
        ),
        ur=Template(
            "{week_start_date:day} کے ہفتے کا نظام الاوقات واپس لے لیا گیا",
            ("دوبارہ شائع ہونے تک اس کی نشستیں منسوخ ہیں۔", "وجہ: {reason}"),
        ),
    ),
    "week_plan.verified": text(
        "week_start_date", "whose", "by",
        en=Template(
            "The week of {week_start_date:day} is verified and can be published", ("{whose}.", "Verified by {by}.")
        ),
        ur=Template("{week_start_date:day} کے ہفتے کی تصدیق ہو گئی، اب شائع ہو سکتا ہے", ("{whose}۔", "تصدیق: {by}۔")),
    ),
    "week_plan.returned": text(
        "week_start_date", "whose", "by", "reason",
        en=Template("The week of {week_start_date:day} was returned to draft", ("{whose}.", "{by}: {reason}")),
        ur=Template("{week_start_date:day} کا ہفتہ مسودے میں واپس کر دیا گیا", ("{whose}۔", "{by}: {reason}")),
    ),
    "week_plan.reminder": text(
        "week_start_date", "batches",
        en=Template("The week of {week_start_date:day} is not published yet", ("{batches:lines}",)),
        ur=Template("{week_start_date:day} کا ہفتہ ابھی شائع نہیں ہوا", ("{batches:lines}",)),
    ),
    "session_occurrence.changed": CHANGES,
    "session_occurrence.cancelled": CHANGES,
    "holiday.sessions_cancelled": CHANGES,
    "week_to_verify": text(
        "week_start_date", "whose", "program",
        en=Template("Verify the week of {week_start_date:day}", WHOSE),
        ur=Template("{week_start_date:day} کے ہفتے کی تصدیق کریں", WHOSE),
    ),
    "week_to_publish": text(
        "week_start_date", "whose", "program",
        en=Template("Publish the week of {week_start_date:day}", WHOSE),
        ur=Template("{week_start_date:day} کا ہفتہ شائع کریں", WHOSE),
    ),
    "week_not_published": text(
        "week_start_date", "whose", "program",
        en=Template("The week of {week_start_date:day} is not published", WHOSE),
        ur=Template("{week_start_date:day} کا ہفتہ شائع نہیں ہوا", WHOSE),
    ),
    "sessions_in_leave": text(
        "name", "count", "days",
        en=Template(f"{{name}} is on leave: {EN_HIT}", (EN_TASK,)),
        ur=Template(f"{{name}} رخصت پر ہیں: {UR_HIT}", (UR_TASK,)),
    ),
    "sessions_on_holiday": text(
        "name", "count", "days",
        en=Template(f"{{name}} is a holiday: {EN_HIT}", (EN_TASK,)),
        ur=Template(f"{{name}} کی تعطیل ہے: {UR_HIT}", (UR_TASK,)),
    ),
    "sessions_in_closed_room": text(
        "name", "count", "days",
        en=Template(f"{{name}} is closed: {EN_HIT}", (EN_TASK,)),
        ur=Template(f"{{name}} بند ہے: {UR_HIT}", (UR_TASK,)),
    ),
    "group_cannot_join": text(
        "title",
        en=Template(
            "A new group cannot join {title}",
            ("It is elsewhere at that time: move one of the two, or name the groups.",),
        ),
        ur=Template(
            "نیا گروپ {title} میں شامل نہیں ہو سکتا",
            ("وہ اس وقت کہیں اور ہے: دونوں میں سے ایک کو منتقل کریں، یا گروپ نام سے چنیں۔",),
        ),
    ),
}  # fmt: skip
