"""What the requirements and conflicts of the timetable say beyond their labels, in every language."""

from maristan.kernel.messages import Sentence, sentence

WHY = "{why:removal=حذف|starts_at=آغاز|ends_at=اختتام|groups=گروپ|section=سیکشن}"
DAY = "{day:Monday=پیر|Tuesday=منگل|Wednesday=بدھ|Thursday=جمعرات|Friday=جمعہ|Saturday=ہفتہ|Sunday=اتوار}"

DETAILS: dict[str, Sentence] = {
    "attendance_exists": sentence(en="{why}", ur=WHY),
    "day_count": sentence(en="{day} ({count})", ur=f"{DAY} ({{count}})"),
    "occupied": sentence(en="occupied", ur="مصروف"),
    # A conflict's own figures, by the name under which it holds them.
    "capacity": sentence(en="capacity: {value}", ur="نشستیں: {value}"),
    "size": sentence(en="size: {value}", ur="طلبہ: {value}"),
    "count": sentence(en="count: {value}", ur="تعداد: {value}"),
    "rows": sentence(en="rows: {value}", ur="قطاریں: {value}"),
    "days_with_wrong_count": sentence(en="days_with_wrong_count: {value}", ur="دن: {value}"),
}
