import { Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { DateField } from "../../../ui/DateField";
import { EmptyState } from "../../../ui/EmptyState";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { addDays, daysBetween } from "../dates";
import { byDate, type Conflict, conflictFrom, severityCounts } from "../grid/conflicts";
import { ConflictWords } from "../parts/ConflictItem";
import panel from "../parts/SidePanel.module.css";
import { useToday } from "../parts/useToday";
import { type Across, acrossQuery } from "../queries";

const route = getRouteApi("/shell/timetable/conflicts");
const AHEAD = 13;
const LONGEST = 31;

type Found = Conflict & Pick<Across["results"][number], "week_plan" | "batch_name">;

/** What stands against the plans of some days, whoever plans them, with the way to each cell. */
export function ConflictsPage() {
  const { t } = useTranslation();
  const { today } = useToday();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const from = search.from ?? today;
  const to = search.to ?? addDays(from, AHEAD);
  const days = daysBetween(from, to) + 1;
  const fault =
    days < 1
      ? t("timetable.print.backwards")
      : days > LONGEST
        ? t("timetable.across.tooLong", { count: LONGEST })
        : null;
  const query = useQuery({ ...acrossQuery(from, to), enabled: fault === null });
  const show = (patch: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...patch }), resetScroll: false, replace: true });
  return (
    <>
      <PageHeader title={t("timetable.across.title")} lead={t("timetable.across.lead")} />
      <Stack gap="md">
        <Group gap="sm" align="flex-start">
          <DateField
            label={t("timetable.print.from")}
            value={from}
            onChange={(day) => show({ from: day ?? undefined })}
          />
          <DateField
            label={t("timetable.print.to")}
            value={to}
            error={fault}
            onChange={(day) => show({ to: day ?? undefined })}
          />
        </Group>
        {fault === null && (
          <Loaded query={query} rows={6}>
            {(data) => (
              <Report
                conflicts={data.results.map((wire, index) => conflictFrom(wire, index))}
                count={data.count}
                severity={search.severity}
                code={search.code}
                onChange={show}
              />
            )}
          </Loaded>
        )}
      </Stack>
    </>
  );
}

type ReportProps = {
  conflicts: Found[];
  count: number;
  severity: "block" | "warn" | undefined;
  code: string | undefined;
  onChange: (patch: { severity?: "block" | "warn" | undefined; code?: string | undefined }) => void;
};

function Report({ conflicts, count, severity, code, onChange }: ReportProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const codes = useMemo(() => [...new Set(conflicts.map((each) => each.code))].sort(), [conflicts]);
  if (conflicts.length === 0) {
    return (
      <EmptyState
        title={t("timetable.conflicts.none")}
        detail={t("timetable.across.noneDetail")}
        action={
          <ButtonLink to="/timetable/weeks" variant="default">
            {t("timetable.weeks.title")}
          </ButtonLink>
        }
      />
    );
  }
  const { block, warn } = severityCounts(conflicts);
  const shown = conflicts.filter(
    (each) => (!severity || each.severity === severity) && (!code || each.code === code),
  );
  return (
    <>
      <Group gap="sm">
        <SegmentedControl
          aria-label={t("timetable.across.severity")}
          value={severity ?? "all"}
          onChange={(next) => onChange({ severity: next === "block" || next === "warn" ? next : undefined })}
          data={[
            { value: "all", label: t("timetable.across.all", { count: conflicts.length }) },
            { value: "block", label: t("timetable.conflicts.blocking", { count: block }) },
            { value: "warn", label: t("timetable.conflicts.warning", { count: warn }) },
          ]}
        />
        <Select
          aria-label={t("timetable.across.rule")}
          placeholder={t("ui.table.filterAny", { name: t("timetable.across.rule") })}
          data={codes.map((each) => ({ value: each, label: label("rules", each) }))}
          value={code ?? null}
          onChange={(next) => onChange({ code: next ?? undefined })}
          clearable
          w={260}
        />
      </Group>
      <Text size="sm" c="dimmed" aria-live="polite">
        {t("timetable.across.shown", { count: shown.length })}
      </Text>
      {count > conflicts.length && (
        <Notice tone="wait">
          {t("timetable.across.cut", { shown: format.number(conflicts.length), all: format.number(count) })}
        </Notice>
      )}
      {byDate(shown).map(({ date, conflicts: ofDay }) => (
        <Panel key={date} title={format.day(date)}>
          <ul className={panel.conflicts}>
            {ofDay.map((conflict) => (
              <Item key={conflict.key} conflict={conflict} />
            ))}
          </ul>
        </Panel>
      ))}
    </>
  );
}

function Item({ conflict }: { conflict: Found }) {
  const label = useLabel();
  const format = useFormat();
  const { starts_at, ends_at } = conflict.when;
  const [cell] = conflict.cells;
  return (
    <ConflictWords
      conflict={conflict}
      title={
        <Link
          to="/timetable/weeks/$weekId"
          params={{ weekId: String(conflict.week_plan) }}
          search={{ cell }}
          className={panel.go}
        >
          {label("rules", conflict.code)}
        </Link>
      }
      place={
        <>
          {starts_at && (
            <bdi dir="ltr">
              {format.time(starts_at)}
              {ends_at && `–${format.time(ends_at)}`}
            </bdi>
          )}
          {starts_at && conflict.batch_name && " · "}
          {conflict.batch_name && <Bidi>{conflict.batch_name}</Bidi>}
        </>
      }
      isInside={conflict.with?.week_plan === conflict.week_plan}
    />
  );
}
