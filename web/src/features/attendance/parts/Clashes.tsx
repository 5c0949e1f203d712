import { Button, Group } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import type { Line } from "../queries";
import type { Clash } from "../register/marking";
import classes from "./Clashes.module.css";
import { MarkLetter } from "./MarkLetter";

type Props = {
  clashes: Record<number, Clash>;
  lines: Line[];
  onSettle: (line: number, whose: "mine" | "theirs") => void;
};

/** Lines that somebody else marked meanwhile: theirs and mine side by side; neither is taken without a word. */
export function Clashes({ clashes, lines, onSettle }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const entries = lines.flatMap((line) => {
    const clash = clashes[line.id];
    return clash ? [{ line, clash }] : [];
  });
  if (entries.length === 0) return null;
  return (
    <section className={classes.clashes} role="alert" aria-label={t("attendance.clash.title")}>
      <h2 className={classes.title}>
        <IconUsers size={18} aria-hidden="true" /> {t("attendance.clash.title")}
      </h2>
      <p className={classes.lead}>{t("attendance.clash.lead")}</p>
      <ul className={classes.list}>
        {entries.map(({ line, clash: { mine, theirs } }) => (
          <li key={line.id}>
            <strong>
              <Bidi>{line.full_name}</Bidi>
            </strong>
            <div className={classes.sides}>
              <span className={classes.side}>
                <MarkLetter status={theirs.status} />
                <span>
                  <small>{t("attendance.clash.theirs", { name: theirs.by })}</small>
                  {label("ui.status", theirs.status ?? "unmarked")}
                </span>
              </span>
              <span className={classes.side}>
                <MarkLetter status={mine.status} />
                <span>
                  <small>{t("attendance.clash.mine")}</small>
                  {label("ui.status", mine.status)}
                </span>
              </span>
            </div>
            <Group gap="xs">
              <Button size="compact-sm" variant="default" onClick={() => onSettle(line.id, "theirs")}>
                {t("attendance.clash.keepTheirs")}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => onSettle(line.id, "mine")}>
                {t("attendance.clash.takeMine")}
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </section>
  );
}
