import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { type Line, MARKS, type Mark } from "../queries";
import classes from "./Counts.module.css";

type Props = { lines: Line[]; markOf: (line: Line) => Mark | null };

/** How many of each mark among those expected, as it stands on the screen. */
export function Counts({ lines, markOf }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const expected = lines.filter((line) => line.expected);
  const visitors = lines.length - expected.length;
  const count = (mark: Mark | null) => expected.filter((line) => markOf(line) === mark).length;
  return (
    <ul className={classes.counts} aria-label={t("attendance.register.counts")}>
      {[...MARKS, null].map((mark) => (
        <li key={mark ?? "unmarked"} data-mark={mark ?? "none"}>
          <strong>{number(count(mark))}</strong> {label("ui.status", mark ?? "unmarked")}
        </li>
      ))}
      {visitors > 0 && (
        <li>
          <strong>{number(visitors)}</strong> {t("attendance.register.visitors")}
        </li>
      )}
    </ul>
  );
}
