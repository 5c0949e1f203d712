"""What operations tells people: of alerts, in the words of each rule, with the first step of the runbook."""

from collections.abc import Mapping

from maristan.kernel.messages import Template, Text, text

FAMILIES = {"alert": "records", "release": "records", "watchdog": "records", "maintenance": "announcements",
            "account": "security", "impersonation": "security"}  # fmt: skip
# Rule → what it means and what to do first, in English and in Urdu.
WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "http_5xx": (
        "The server fails to answer",
        "Run `maristan logs --level error` and look at the newest deployment.",
        "سرور جواب دینے میں ناکام ہے",
        "`maristan logs --level error` چلائیں اور تازہ ترین تعیناتی دیکھیں۔",
    ),
    "http_404": (
        "Many addresses are asked for that do not exist",
        "Run `maristan logs --status 404`: an old link, or somebody who tries addresses.",
        "بہت سے ایسے پتے مانگے جا رہے ہیں جو موجود نہیں",
        "`maristan logs --status 404` چلائیں: کوئی پرانا ربط، یا کوئی پتے آزما رہا ہے۔",
    ),
    "response_slow": (
        "Answers are slow",
        "Run `maristan logs --level warning` for the slow routes and statements.",
        "جوابات سست ہیں",
        "سست راستوں اور بیانات کے لیے `maristan logs --level warning` چلائیں۔",
    ),
    "query_slow": (
        "Statements of the database are slow",
        "Run `maristan logs --level warning` and look for locks and for missing analysis.",
        "ڈیٹا بیس کے بیانات سست ہیں",
        "`maristan logs --level warning` چلائیں اور تالے اور پرانے اعداد و شمار دیکھیں۔",
    ),
    "cpu": (
        "The processors are busy", "Look which process is busy, and stop it or add one more host.",
        "پروسیسر مصروف ہیں", "دیکھیں کون سا عمل مصروف ہے، اسے روکیں یا ایک اور میزبان شامل کریں۔",
    ),
    "memory": (
        "Memory is nearly used up", "Look which process has grown, and restart it after `maristan drain`.",
        "میموری تقریباً ختم ہے", "دیکھیں کون سا عمل بڑھا ہے، اور `maristan drain` کے بعد اسے دوبارہ چلائیں۔",
    ),
    "disk": (
        "A volume fills up", "Remove old backup sets and logs, or make the volume larger.",
        "ایک والیم بھر رہا ہے", "پرانے بیک اپ اور لاگ ہٹائیں، یا والیم بڑا کریں۔",
    ),
    "disk_full": (
        "A volume is nearly full", "Make room now: a full volume stops the database and every backup.",
        "ایک والیم تقریباً بھر چکا ہے", "ابھی جگہ بنائیں: بھرا والیم ڈیٹا بیس اور ہر بیک اپ روک دیتا ہے۔",
    ),
    "web_down": (
        "No web process lives", "Start the web process and read its log.",
        "کوئی ویب عمل زندہ نہیں", "ویب عمل شروع کریں اور اس کا لاگ پڑھیں۔",
    ),
    "worker_down": (
        "No worker lives", "Start a worker and read its log; jobs wait meanwhile and are not lost.",
        "کوئی کارکن عمل زندہ نہیں", "کارکن شروع کریں اور اس کا لاگ پڑھیں؛ کام انتظار کرتے ہیں، ضائع نہیں ہوتے۔",
    ),
    "redis_down": (
        "Redis does not answer", "Start Redis; until then each process keeps its own cache and counters.",
        "ریڈس جواب نہیں دیتا", "ریڈس شروع کریں؛ تب تک ہر عمل اپنا کیش اور گنتی رکھتا ہے۔",
    ),
    "queue_delay": (
        "Jobs wait too long", "Run `maristan jobs stats` and add workers for the queue that waits.",
        "کام بہت دیر سے انتظار میں ہیں", "`maristan jobs stats` چلائیں اور منتظر قطار کے لیے کارکن بڑھائیں۔",
    ),
    "jobs_failed": (
        "Several jobs failed", "Run `maristan jobs list --status failed`, and retry them once the cause is gone.",
        "کئی کام ناکام ہوئے", "`maristan jobs list --status failed` چلائیں، اور وجہ دور ہونے پر دوبارہ کریں۔",
    ),
    "periodic_overdue": (
        "A job by schedule did not run", "Look at the schedule, whether a worker serves its queue, and run it now.",
        "مقررہ وقت کا ایک کام نہیں چلا", "نظام الاوقات اور اس کی قطار کا کارکن دیکھیں، اور اسے ابھی چلائیں۔",
    ),
    "backup_missing": (
        "There is no young backup", "Run `maristan backup create` and read why the last one failed.",
        "کوئی تازہ بیک اپ نہیں", "`maristan backup create` چلائیں اور پڑھیں کہ پچھلا کیوں ناکام ہوا۔",
    ),
    "backup_failed": (
        "The newest backup failed",
        "Read its error in `maristan backup list`, mend it, and run `maristan backup create`.",
        "تازہ ترین بیک اپ ناکام ہوا",
        "`maristan backup list` میں اس کی خرابی پڑھیں، دور کریں، اور `maristan backup create` چلائیں۔",
    ),
    "drill_missing": (
        "No drill has passed for long", "Run `maristan backup drill`.",
        "عرصے سے کوئی مشق کامیاب نہیں ہوئی", "`maristan backup drill` چلائیں۔",
    ),
    "offsite_missing": (
        "There is no young copy off this host", "Look whether the far side can be reached and has room.",
        "اس میزبان سے باہر کوئی تازہ نقل نہیں", "دیکھیں کہ دور کا مقام قابل رسائی ہے اور وہاں جگہ ہے۔",
    ),
    "offsite_failed": (
        "A backup could not be copied off this host", "Run `maristan backup offsite` and read what the far side says.",
        "ایک بیک اپ اس میزبان سے باہر نقل نہ ہو سکا",
        "`maristan backup offsite` چلائیں اور پڑھیں کہ دور کا مقام کیا کہتا ہے۔",
    ),
    "drill_failed": (
        "A drill failed", "Make a new set with `maristan backup create` first; then read the report of the drill.",
        "ایک مشق ناکام ہوئی", "پہلے `maristan backup create` سے نیا سیٹ بنائیں؛ پھر مشق کی رپورٹ پڑھیں۔",
    ),
    "release_not_verified": (
        "What runs is not what its release promises", "Run `maristan release verify` and follow its hints.",
        "جو چل رہا ہے وہ اجرا کے وعدے کے مطابق نہیں", "`maristan release verify` چلائیں اور اس کے اشاروں پر عمل کریں۔",
    ),
    "journal_broken": (
        "A chain of the journal is broken", "Keep the newest set aside, and run `maristan journal verify`.",
        "روزنامچے کی ایک زنجیر ٹوٹی ہے", "تازہ ترین سیٹ الگ رکھیں، اور `maristan journal verify` چلائیں۔",
    ),
    "maintenance_long": (
        "Maintenance lasts too long", "End it with `maristan maintenance off`, or announce a later end.",
        "دیکھ بھال بہت طویل ہو گئی", "اسے `maristan maintenance off` سے ختم کریں، یا نیا اختتام بتائیں۔",
    ),
    "certificate_expiring": (
        "A certificate expires soon", "Renew it, and see that the renewal runs by itself.",
        "ایک سرٹیفکیٹ جلد ختم ہوگا", "اس کی تجدید کریں، اور دیکھیں کہ تجدید خود بخود ہوتی ہے۔",
    ),
    "db_connections": (
        "The database has few connections left", "Look who holds them; lower the pools or raise the limit.",
        "ڈیٹا بیس کے کنکشن کم رہ گئے", "دیکھیں کن کے پاس ہیں؛ پول چھوٹے کریں یا حد بڑھائیں۔",
    ),
    "lockouts": (
        "Many accounts are locked out", "Look whether one address tries many names, and block it at the proxy.",
        "بہت سے اکاؤنٹ بند ہوئے", "دیکھیں کہ کوئی ایک پتہ بہت سے نام تو نہیں آزما رہا، اور اسے پراکسی پر روکیں۔",
    ),
}  # fmt: skip
UNITS = {
    "en": "count=|percent=%|seconds=s|minutes=min|hours=h|days=days",
    "ur": "count=|percent=%|seconds=سیکنڈ|minutes=منٹ|hours=گھنٹے|days=دن",
}


def words(rule: str, language: str) -> tuple[str, str]:
    """What a rule means and what to do first, in a language; a rule that is gone is its name."""
    said = WORDS.get(rule, (rule, "", rule, ""))
    return said[2:] if language == "ur" else said[:2]


def _choice(name: str, place: int) -> str:
    return f"{{{name}:" + "|".join(f"{rule}={said[place]}" for rule, said in WORDS.items()) + "}"


VALUES = ("rule", "step", "subject", "severity", "value", "threshold", "unit", "since", "link")
KEPT_OUT = {
    "en": "{level:read_only=Everybody can read on; nothing can be changed.|full=The system is closed meanwhile.}",
    "ur": "{level:read_only=سب پڑھ سکیں گے؛ کچھ بدلا نہیں جا سکے گا۔|full=اس دوران نظام بند رہے گا۔}",
}
AT = ("address", "day", "time", "zone")
MESSAGES: dict[str, Text] = {
    "release.finished": text(
        "was",
        "becomes",
        "status",
        "report",
        en=Template(
            "{status:succeeded=Deployment done|succeeded_with_warnings=Deployment done, with warnings|"
            "rolled_back=Deployment failed: the former release serves|needs_operator=Deployment needs you}: {becomes}",
            ("From {was} to {becomes}.", "{report}"),
        ),
        ur=Template(
            "{status:succeeded=تعیناتی مکمل|succeeded_with_warnings=تعیناتی انتباہات کے ساتھ مکمل|"
            "rolled_back=تعیناتی ناکام، پچھلا اجرا چل رہا ہے|needs_operator=تعیناتی کو آپ کی ضرورت ہے}: {becomes}",
            ("{was} سے {becomes} تک۔", "{report}"),
        ),
    ),
    "alert.fired": text(
        *VALUES,
        en=Template(
            f"{{severity:critical=Critical|warning=Warning}}: {_choice('rule', 0)}",
            (
                "{subject}:",
                f"{{value}} against {{threshold}} {{unit:{UNITS['en']}}}, since {{since}}.",
                _choice("step", 1),
                "{link}",
            ),
        ),
        ur=Template(
            f"{{severity:critical=نہایت اہم|warning=انتباہ}}: {_choice('rule', 2)}",
            (
                "{subject}:",
                f"{{value}}، حد {{threshold}} {{unit:{UNITS['ur']}}}، {{since}} سے۔",
                _choice("step", 3),
                "{link}",
            ),
        ),
    ),
    "alert.resolved": text(
        *(each for each in VALUES if each not in ("step", "severity")),
        en=Template(
            f"Over: {_choice('rule', 0)}",
            ("{subject}:", f"last {{value}} against {{threshold}} {{unit:{UNITS['en']}}}, since {{since}}.", "{link}"),
        ),
        ur=Template(
            f"ختم: {_choice('rule', 2)}",
            ("{subject}:", f"آخری {{value}}، حد {{threshold}} {{unit:{UNITS['ur']}}}، {{since}} سے۔", "{link}"),
        ),
    ),
    "maintenance.planned": text(
        "level", "message", "day", "begins", "ends", "zone",
        en=Template("Maintenance is planned", ("{day:day}, {begins} to {ends} ({zone}).", KEPT_OUT["en"], "{message}")),
        ur=Template("دیکھ بھال طے ہے", ("{day:day}، {begins} سے {ends} تک ({zone})۔", KEPT_OUT["ur"], "{message}")),
    ),
    "maintenance.started": text(
        "level", "message", "ends", "zone",
        en=Template("Maintenance has begun", ("It should end at {ends} ({zone}).", KEPT_OUT["en"], "{message}")),
        ur=Template("دیکھ بھال شروع ہو گئی", ("متوقع اختتام {ends} ({zone})۔", KEPT_OUT["ur"], "{message}")),
    ),
    "maintenance.ended": text(
        "message",
        en=Template("Maintenance is over", ("{message}",)),
        ur=Template("دیکھ بھال ختم ہو گئی", ("{message}",)),
    ),
    "maintenance.withdrawn": text(
        "day", "begins", "ends", "zone",
        en=Template("Maintenance will not take place", ("It was planned for {day:day}, {begins} to {ends} ({zone}).",)),
        ur=Template("دیکھ بھال نہیں ہوگی", ("یہ {day:day}، {begins} سے {ends} تک ({zone}) طے تھی۔",)),
    ),
    "impersonation.started": text(
        "by", "person", "reason", "until", "zone",
        en=Template(
            "{by} acts as {person}",
            ("Until {until} ({zone}) at the latest; everything done meanwhile carries both names.", "Reason: {reason}"),
        ),
        ur=Template(
            "{by} {person} کی جگہ کام کر رہے ہیں",
            ("زیادہ سے زیادہ {until} ({zone}) تک؛ اس دوران ہر کام پر دونوں نام درج ہوں گے۔", "وجہ: {reason}"),
        ),
    ),
    "account.locked": text(
        *AT,
        en=Template(
            "Your account is locked for a while",
            (
                "Too many failed attempts from {address}, {day:day} at {time} ({zone}).",
                "If that was not you, nobody got in: set a new password, which ends the lock, and tell your office.",
            ),
        ),
        ur=Template(
            "آپ کا اکاؤنٹ کچھ دیر کے لیے بند ہے",
            (
                "{address} سے بہت سی ناکام کوششیں، {day:day} {time} بجے ({zone})۔",
                "اگر یہ آپ نہیں تھے تو کوئی اندر نہیں آیا: نیا پاس ورڈ رکھیں، بندش بھی ختم ہوگی، اور دفتر کو بتائیں۔",
            ),
        ),
    ),
    "account.used_anew": text(
        *AT,
        en=Template(
            "Your account was used on a new device",
            (
                "Signed in from {address}, {day:day} at {time} ({zone}).",
                "If that was not you, change your password now, which ends every other session, and tell your office.",
            ),
        ),
        ur=Template(
            "آپ کا اکاؤنٹ ایک نئے آلے پر استعمال ہوا",
            (
                "{address} سے داخلہ، {day:day} {time} بجے ({zone})۔",
                "اگر یہ آپ نہیں تھے تو ابھی پاس ورڈ بدلیں، اس سے باقی تمام نشستیں ختم ہوں گی، اور اپنے دفتر کو بتائیں۔",
            ),
        ),
    ),
    "account.factor_changed": text(
        *AT, "what", "factor",
        en=Template(
            "{factor:totp=The authenticator app|webauthn=A passkey|recovery_codes=The recovery codes"
            "|lost=Every second factor} of your account:"
            " {what:added=added|removed=removed|renewed=made anew}",
            (
                "From {address}, {day:day} at {time} ({zone}).",
                "If that was not you, change your password now and tell your office.",
            ),
        ),
        ur=Template(
            "آپ کے اکاؤنٹ کی {factor:totp=تصدیقی ایپ|webauthn=پاس کی|recovery_codes=بحالی کے کوڈ|lost=ہر دوسری تصدیق}:"
            " {what:added=شامل|removed=ختم|renewed=نئے سرے سے}",
            (
                "{address} سے، {day:day} {time} بجے ({zone})۔",
                "اگر یہ آپ نہیں تھے تو ابھی پاس ورڈ بدلیں اور اپنے دفتر کو بتائیں۔",
            ),
        ),
    ),
    "watchdog.down": text(
        "since", "status", "link",
        en=Template(
            "Critical: the platform is not well",
            ("It failed two probes, since {since}; the last answer was {status}.", "{link}"),
        ),
        ur=Template(
            "نہایت اہم: پلیٹ فارم ٹھیک نہیں",
            ("دو جانچیں ناکام ہوئیں، {since} سے؛ آخری جواب {status} تھا۔", "{link}"),
        ),
    ),
    "watchdog.up": text(
        "since", "status", "link",
        en=Template("Over: the platform is well again", ("It was not since {since}; it answers {status}.", "{link}")),
        ur=Template("ختم: پلیٹ فارم پھر ٹھیک ہے", ("یہ {since} سے ٹھیک نہ تھا؛ اب جواب {status} ہے۔", "{link}")),
    ),
}  # fmt: skip
