"""What people are told about the directory: leave, and imports of any kind."""

from maristan.kernel.messages import Template, Text, text

ENGLISH_REASON = ("By {by}.", "Reason: {reason}")
URDU_REASON = ("فیصلہ: {by}۔", "وجہ: {reason}")

FILE_EN = "{import:faculty=teachers|students=students|attendance=attendance|marks=marks}"
FILE_UR = "{import:faculty=اساتذہ|students=طلبہ|attendance=حاضری|marks=نمبر}"

FAMILIES = {"leave": "leave", "import": "records"}
MESSAGES: dict[str, Text] = {
    "leave.requested": text(
        "person", "days", "reason",
        en=Template("{person} asks for leave {days:days}", ("{reason}",)),
        ur=Template("{person} نے {days:days} رخصت مانگی ہے", ("{reason}",)),
    ),
    "leave.approved": text(
        "person", "days", "by", "reason",
        en=Template("Leave of {person} {days:days} was approved", ENGLISH_REASON),
        ur=Template("{person} کی {days:days} رخصت منظور ہو گئی", URDU_REASON),
    ),
    "leave.rejected": text(
        "person", "days", "by", "reason",
        en=Template("Leave of {person} {days:days} was rejected", ENGLISH_REASON),
        ur=Template("{person} کی {days:days} رخصت نامنظور ہو گئی", URDU_REASON),
    ),
    "import.committed": text(
        "import", "create", "update", "skip", "error",
        en=Template(
            f"Import of {FILE_EN} finished",
            ("Created: {create}.", "Updated: {update}.", "Skipped: {skip}.", "With faults: {error}."),
        ),
        ur=Template(
            f"{FILE_UR} کی درآمد مکمل ہوئی",
            ("نئے: {create}۔", "بدلے گئے: {update}۔", "چھوڑے گئے: {skip}۔", "غلطیوں والے: {error}۔"),
        ),
    ),
    "leave_to_decide": text(
        "person", "days", "reason",
        en=Template("{person} asks for leave {days:days}", ("{reason}",)),
        ur=Template("{person} نے {days:days} رخصت مانگی ہے", ("{reason}",)),
    ),
    "import_with_failed_rows": text(
        "import", "failed",
        en=Template(
            f"{{failed:row|rows}} of an import of {FILE_EN} failed",
            ("Mend them in the errors file and import that.",),
        ),
        ur=Template(
            f"{FILE_UR} کی درآمد میں {{failed:قطار|قطاریں}} ناکام",
            ("غلطیوں والی فائل میں انہیں درست کر کے وہی درآمد کریں۔",),
        ),
    ),
}  # fmt: skip
