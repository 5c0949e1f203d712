import { ActionIcon, Anchor, Menu } from "@mantine/core";
import {
  IconCopy,
  IconDots,
  IconEye,
  IconEyeOff,
  IconFileSpreadsheet,
  IconHistory,
  IconPrinter,
  IconShieldCheck,
  IconTrash,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Move, type MoveRequest, useMove } from "../../../api/moves";
import { asProblem, type Problem } from "../../../api/problem";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { addDays } from "../dates";
import type { Week } from "../grid/sheet";
import { WEEKS, weekKey, weekUrl } from "../queries";
import { grouped, inShort, missingOf } from "./grouped";
import { useDayNames } from "./useDayNames";
import classes from "./WeekHeader.module.css";

/** Moves with consequences for people; they are shown before they are made. */
export const SHEET_MOVES = ["publish", "revert"];

type Props = {
  week: Week;
  isDirty: boolean;
  onSheet: (move: Move) => void;
  /** A refused move, to be shown at the cells it names. */
  onRefused: (problem: Problem) => void;
  onCopy: () => void;
  onChangelog: () => void;
  onDelete: () => void;
};

export function WeekHeader({ week }: { week: Week }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useDayNames();
  const owner = week.batch_name || t("timetable.weeks.institution");
  const last = addDays(week.week_start_date, 6);
  const dates = `${names.dayMonth(week.week_start_date)} – ${names.dayMonthYear(last)}`;
  return (
    <div className={classes.header}>
      <PageHeader
        title={`${owner}, ${dates}`}
        up={
          <Anchor size="sm" renderRoot={(props) => <Link to="/timetable/weeks" {...props} />}>
            {t("timetable.weeks.title")}
          </Anchor>
        }
        heading={
          <>
            <Bidi>{owner}</Bidi> <span className={classes.dates}>{dates}</span>
          </>
        }
        badge={<StatusSeal status={week.status} />}
        lead={
          <span className={classes.lead}>
            {week.academic_period_name && <Bidi>{week.academic_period_name}</Bidi>}
            <span>{t("timetable.header.version", { number: format.number(week.version) })}</span>
            {week.edited_at && (
              <Stamp words={t("timetable.header.edited")} by={week.edited_by} at={week.edited_at} />
            )}
            {week.verified_at && (
              <Stamp words={t("timetable.header.verified")} by={week.verified_by} at={week.verified_at} />
            )}
            {week.published_at && (
              <Stamp words={t("timetable.header.published")} by={week.published_by} at={week.published_at} />
            )}
          </span>
        }
      />
    </div>
  );
}

/** What can be done with the week as a whole. */
export function WeekActions({ week, isDirty, onSheet, onRefused, onCopy, onChangelog, onDelete }: Props) {
  const { t } = useTranslation();
  const move = useMove({
    url: weekUrl(week.id),
    version: week.version,
    invalidate: [weekKey(week.id), [WEEKS]],
  });
  const moves = useMoves(week, isDirty);
  const perform = (request: MoveRequest): Promise<unknown> => {
    const asked = week.moves.find((each) => each.name === request.name);
    if (!asked || !SHEET_MOVES.includes(request.name)) {
      return move.mutateAsync(request).catch((error: unknown) => {
        onRefused(asProblem(error));
        throw inShort(asProblem(error));
      });
    }
    onSheet({ ...asked, missing: [], warnings: [] });
    return Promise.resolve();
  };
  const isDraft = week.status === "draft";
  // Publishing a published week again is possible, but seldom what one came for.
  const primary = week.status === "published" ? { primary: "none" } : {};
  return (
    <>
      {moves.length > 0 && <MoveButtons moves={moves} onMove={perform} {...primary} />}
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t("timetable.header.more")}>
            <IconDots size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconHistory size={16} />} onClick={onChangelog}>
            {t("timetable.changelog.title")}
          </Menu.Item>
          {week.may_edit && isDraft && (
            <Menu.Item leftSection={<IconCopy size={16} />} disabled={isDirty} onClick={onCopy}>
              {t("timetable.copy.title")}
            </Menu.Item>
          )}
          <Menu.Item component="a" href={`${weekUrl(week.id)}pdf/`} leftSection={<IconPrinter size={16} />}>
            {t("timetable.header.pdf")}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={`${weekUrl(week.id)}xlsx/`}
            leftSection={<IconFileSpreadsheet size={16} />}
          >
            {t("timetable.header.xlsx")}
          </Menu.Item>
          {week.may_edit && isDraft && !week.published_at && (
            <Menu.Item color="madder" leftSection={<IconTrash size={16} />} onClick={onDelete}>
              {t("timetable.header.delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** The moves as the buttons need them: rules once each, and closed while there is unsaved work. */
function useMoves(week: Week, isDirty: boolean): Move[] {
  const { t } = useTranslation();
  return week.moves.map((move) => {
    const isSheet = SHEET_MOVES.includes(move.name);
    const missing = grouped(missingOf(move.missing));
    const base: Move = {
      name: move.name,
      label: move.label,
      allowed: move.allowed,
      missing,
      warnings: isSheet ? [] : grouped(missingOf(move.warnings)),
      needs_reason: isSheet ? false : move.needs_reason,
    };
    if (!isDirty) return base;
    const unsaved = {
      code: "unsaved",
      label: t("timetable.header.saveFirst"),
      detail: "",
      severity: "block" as const,
      where: null,
    };
    return { ...base, allowed: false, missing: [unsaved, ...missing] };
  });
}

/** Nobody may wonder whether students see this. */
export function StatusSeal({ status }: { status: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const isPublic = status === "published";
  const Icon = isPublic ? IconEye : status === "verified" ? IconShieldCheck : IconEyeOff;
  return (
    <span className={classes.seal} data-status={status}>
      <Icon size={17} aria-hidden="true" />
      <b>{label("ui.status", status)}</b>
      <span className={classes.plain}>
        {isPublic ? t("timetable.header.seen") : t("timetable.header.unseen")}
      </span>
    </span>
  );
}

function Stamp({ words, by, at }: { words: string; by: string; at: string }) {
  return (
    <span>
      {words} {by && <Bidi>{by}</Bidi>} · <Moment at={at} />
    </span>
  );
}
