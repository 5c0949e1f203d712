"""What comms itself tells people."""

from maristan.kernel.messages import Template, Text, text

FAMILIES = {"announcement": "announcements", "webhook": "records"}
MESSAGES: dict[str, Text] = {
    "announcement.sent": text(
        "title", "body",
        en=Template("{title}", ("{body}",)),
        ur=Template("{title}", ("{body}",)),
    ),
    "webhook.disabled": text(
        "name", "reason",
        en=Template(
            "The webhook {name} was switched off",
            ("{reason:gone=Its receiver said that it is gone.|failing=It failed for five days.}",),
        ),
        ur=Template(
            "ویب ہک {name} بند کر دیا گیا",
            ("{reason:gone=اس کے وصول کنندہ نے کہا کہ وہ اب نہیں رہا۔|failing=وہ پانچ دن تک ناکام رہا۔}",),
        ),
    ),
    "webhook.dead": text(
        "name",
        en=Template("The webhook {name} cannot be reached", ("An event was tried ten times and is not sent again.",)),
        ur=Template("ویب ہک {name} تک رسائی نہیں", ("ایک واقعہ دس بار آزمایا گیا اور اب دوبارہ نہیں بھیجا جائے گا۔",)),
    ),
}  # fmt: skip
