import { Button, Group } from "@mantine/core";
import { type ClipboardEvent, type KeyboardEvent, useId } from "react";
import { useTranslation } from "react-i18next";
import { useServerWords } from "../../../i18n/serverWords";
import { Bidi } from "../../../ui/Bidi";
import type { GridCell, GridComponent, GridRow } from "../queries";
import { keyOf, textOf } from "./cells";
import classes from "./Grid.module.css";
import type { Spot } from "./moving";
import { isBlock } from "./pasting";
import type { Edit } from "./saving";

export type CellActs = {
  type: (
    place: { candidate: number; component: number },
    text: string,
    standing: GridCell | undefined,
  ) => void;
  settle: (place: { candidate: number; component: number }, whose: "mine" | "theirs") => void;
  onKey: (event: KeyboardEvent<HTMLInputElement>, spot: Spot) => void;
  onBlock: (text: string, spot: Spot) => void;
};

type Props = {
  row: GridRow;
  component: GridComponent;
  standing: GridCell | undefined;
  edit: Edit | undefined;
  spot: Spot;
  acts: CellActs;
};

/** One cell: what stands there or is being typed, and why it was refused. */
export function MarkCell({ row, component, standing, edit, spot, acts }: Props) {
  const { t } = useTranslation();
  const words = useServerWords();
  const about = useId();
  const place = { candidate: row.candidate, component: component.id };
  const fault = edit?.phase === "refused" ? edit.fault : undefined;
  const theirs = edit?.phase === "clashed" ? edit.theirs : undefined;
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text");
    if (!isBlock(text)) return;
    event.preventDefault();
    acts.onBlock(text, spot);
  };
  return (
    <>
      <input
        className={classes.input}
        data-cell={keyOf(place)}
        data-spot={`${spot.row}:${spot.column}`}
        data-phase={edit?.phase}
        inputMode="decimal"
        autoComplete="off"
        aria-label={t("exams.grid.cell", { name: row.full_name, component: component.name })}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault || theirs ? about : undefined}
        value={edit?.text ?? textOf(standing)}
        onChange={(event) => acts.type(place, event.currentTarget.value, standing)}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={(event) => acts.onKey(event, spot)}
        onPaste={paste}
      />
      {fault && (
        <span id={about} className={classes.fault} role="alert">
          {words(fault.code, fault.detail)}
        </span>
      )}
      {theirs && (
        <span className={classes.theirs}>
          <span id={about} role="alert">
            <Bidi>{t("exams.grid.theirs", { name: theirs.by, marks: textOf(theirs) || "–" })}</Bidi>
          </span>
          <Group gap={4} wrap="nowrap">
            <Button size="compact-xs" variant="default" onClick={() => acts.settle(place, "theirs")}>
              {t("exams.grid.keepTheirs")}
            </Button>
            <Button size="compact-xs" onClick={() => acts.settle(place, "mine")}>
              {t("exams.grid.useMine")}
            </Button>
          </Group>
        </span>
      )}
    </>
  );
}
