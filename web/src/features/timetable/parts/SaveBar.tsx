import { Button, Kbd } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../../api/problem";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { inShort } from "./grouped";
import classes from "./SaveBar.module.css";

type Props = {
  count: number;
  isDirty: boolean;
  isSaving: boolean;
  savedAt: number | null;
  problem: Problem | null;
  /** Refusals that stand at their cells. */
  placedFaults: number;
  status: string;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onSave: () => void;
  onDiscard: () => void;
  onFirstFault: () => void;
};

/** What is not saved yet, and the way to save it; present whenever there is something to lose. */
export function SaveBar(props: Props) {
  const { count, isDirty, isSaving, savedAt, problem, status } = props;
  const { t } = useTranslation();
  const format = useFormat();
  if (!isDirty && !problem) {
    return savedAt === null ? null : (
      <p className={classes.saved} role="status">
        {t("timetable.save.savedAt", { time: format.time(savedAt) })}
      </p>
    );
  }
  const isPublished = status === "published";
  // Requirements are listed with their cells; faults stand in the cells and are only counted.
  const isAtCells = props.placedFaults > 0 && problem?.missing.length === 0;
  return (
    <section className={classes.bar} aria-label={t("timetable.save.label")}>
      {problem && !isAtCells && <ErrorPanel error={inShort(problem)} onRetry={props.onSave} />}
      {problem && isAtCells && (
        <p className={classes.fault} role="alert">
          {t("timetable.save.faults", { count: props.placedFaults })}
          <button type="button" onClick={props.onFirstFault}>
            {t("timetable.save.firstFault")}
          </button>
        </p>
      )}
      <div className={classes.line}>
        <span className={classes.words}>
          <b role="status">{t("timetable.save.unsaved", { count })}</b>
          {isPublished && <span>{t("timetable.save.amends")}</span>}
          {status === "verified" && <span>{t("timetable.save.unverifies")}</span>}
        </span>
        <span className={classes.do}>
          <Button
            size="compact-md"
            variant="subtle"
            color="gray"
            disabled={!props.canUndo}
            leftSection={<IconArrowBackUp size={16} aria-hidden="true" className={classes.turn} />}
            onClick={props.onUndo}
          >
            {t("timetable.save.undo")}
          </Button>
          <Button
            size="compact-md"
            variant="subtle"
            color="gray"
            disabled={!props.canRedo}
            leftSection={<IconArrowForwardUp size={16} aria-hidden="true" className={classes.turn} />}
            onClick={props.onRedo}
          >
            {t("timetable.save.redo")}
          </Button>
          <Button size="compact-md" variant="default" onClick={props.onDiscard}>
            {t("timetable.save.discard")}
          </Button>
          <Button
            size="compact-md"
            loading={isSaving}
            leftSection={<IconDeviceFloppy size={16} aria-hidden="true" />}
            rightSection={<Kbd size="xs">Ctrl S</Kbd>}
            onClick={props.onSave}
          >
            {isPublished ? t("timetable.save.review") : t("ui.save")}
          </Button>
        </span>
      </div>
    </section>
  );
}
