import { ActionIcon, Button, Group, Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCalendarPlus, IconChevronLeft, IconChevronRight, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { asProblem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { StatusBadge } from "../../../ui/StatusBadge";
import { addDays, daysBetween, weekStart } from "../dates";
import { byMonth, calendarOf, type PlannedWeek } from "../grid/calendar";
import { GenerateDialog } from "../parts/GenerateDialog";
import { useDayNames } from "../parts/useDayNames";
import { bodyOf, type Scope, scopeOf, useScopes } from "../parts/useScopes";
import { useToday } from "../parts/useToday";
import { WEEKS, type WeekHead } from "../queries";
import classes from "./WeeksPage.module.css";

const PATH = "/api/v1/timetable/weeks/";
const SHOWN = 16;
const BEFORE = 4;

const route = getRouteApi("/shell/timetable/weeks");

/** Every week of a scope, planned or not: gaps are seen before students see them. */
export function WeeksPage() {
  const { t } = useTranslation();
  const may = useCan();
  const navigate = useNavigate();
  const { today, firstWeekday } = useToday();
  const search = route.useSearch();
  const scope = scopeOf(search.scope);
  const current = weekStart(today, firstWeekday);
  const from = weekStart(search.from ?? addDays(current, -7 * BEFORE), firstWeekday);
  const { data, error, isPending, refetch } = useQuery(
    listQuery(PATH, {
      ...(scope ? { scope: scope.kind, batch: scope.batch } : {}),
      start_date: from,
      end_date: addDays(from, SHOWN * 7 - 1),
      ordering: "week_start_date",
      page_size: 200,
    }),
  );
  const plans = data?.results ?? [];
  const scopes = useScopes(plans);
  const [isGenerating, setGenerating] = useState(false);
  const make = useCreate();
  const mayEdit = may("week.edit");
  const show = (patch: { scope?: string | undefined; from?: string | undefined }) =>
    void navigate({ to: "/timetable/weeks", search: { ...search, ...patch }, resetScroll: false });
  const shift = (weeks: number) => show({ from: addDays(from, weeks * 7) });
  const months = byMonth(calendarOf(plans, from, SHOWN));

  return (
    <>
      <PageHeader
        title={t("timetable.weeks.title")}
        lead={t("timetable.weeks.lead")}
        actions={
          mayEdit && (
            <>
              <Button variant="default" onClick={() => setGenerating(true)}>
                {t("timetable.weeks.generate")}
              </Button>
              <Button
                leftSection={<IconCalendarPlus size={16} aria-hidden="true" />}
                disabled={!scope}
                loading={make.isPending && make.variables.kind === "four"}
                title={scope ? undefined : t("timetable.weeks.chooseFirst")}
                onClick={() => scope && make.mutate({ kind: "four", scope })}
              >
                {t("timetable.weeks.createFour")}
              </Button>
            </>
          )
        }
      />
      <Group justify="space-between" mb="md" align="flex-end">
        <Select
          label={t("timetable.weeks.scope")}
          placeholder={t("timetable.weeks.all")}
          clearable
          searchable
          w={360}
          maw="100%"
          data={scopes}
          value={search.scope ?? null}
          onChange={(next) => show({ scope: next ?? undefined })}
        />
        <Group gap="xs">
          <ActionIcon variant="default" aria-label={t("timetable.weeks.earlier")} onClick={() => shift(-8)}>
            <IconChevronLeft size={18} aria-hidden="true" className={classes.turn} />
          </ActionIcon>
          <Button variant="default" disabled={!search.from} onClick={() => show({ from: undefined })}>
            {t("timetable.weeks.now")}
          </Button>
          <ActionIcon variant="default" aria-label={t("timetable.weeks.later")} onClick={() => shift(8)}>
            <IconChevronRight size={18} aria-hidden="true" className={classes.turn} />
          </ActionIcon>
        </Group>
      </Group>
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={10} />}
      {data && plans.length === 0 && (
        <EmptyState
          title={t("timetable.weeks.empty")}
          detail={scope ? t("timetable.weeks.emptyDetail") : t("timetable.weeks.chooseFirst")}
          action={
            mayEdit && scope ? (
              <Button onClick={() => make.mutate({ kind: "four", scope })}>
                {t("timetable.weeks.createFour")}
              </Button>
            ) : undefined
          }
        />
      )}
      {data &&
        (plans.length > 0 || scope) &&
        months.map((month) => (
          <Month
            key={month.month}
            weeks={month.weeks}
            current={current}
            scope={scope}
            isBusy={make.isPending}
            onCreate={mayEdit ? (start) => scope && make.mutate({ kind: "one", scope, start }) : null}
          />
        ))}
      {isGenerating && (
        <GenerateDialog scopes={scopes} start={search.scope} onClose={() => setGenerating(false)} />
      )}
    </>
  );
}

type MonthProps = {
  weeks: PlannedWeek<WeekHead>[];
  current: string;
  scope: Scope | null;
  isBusy: boolean;
  onCreate: ((start: string) => void) | null;
};

function Month({ weeks, current, scope, isBusy, onCreate }: MonthProps) {
  const { t } = useTranslation();
  const names = useDayNames();
  const [first] = weeks;
  return (
    <section className={classes.month}>
      <h2>{first && names.month(first.start)}</h2>
      <ol className={classes.weeks}>
        {weeks.map((week) => (
          <li
            key={week.start}
            className={classes.week}
            data-current={week.start === current || undefined}
            data-past={week.start < current || undefined}
            data-gap={week.plans.length === 0 || undefined}
          >
            <span className={classes.dates}>
              <time dateTime={week.start}>
                {names.dayMonth(week.start)} – {names.dayMonth(addDays(week.start, 6))}
              </time>
              <small>
                <Distance start={week.start} current={current} />
              </small>
            </span>
            {week.plans.length > 0 ? (
              <span className={classes.plans}>
                {week.plans.map((plan) => (
                  <Plan key={plan.id} plan={plan} isAlone={scope !== null} />
                ))}
              </span>
            ) : (
              <span className={classes.gap}>
                {t("timetable.weeks.gap", { date: names.dayMonth(week.start) })}
                {onCreate && scope && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={isBusy}
                    leftSection={<IconPlus size={13} aria-hidden="true" />}
                    aria-label={t("timetable.weeks.createOf", { date: names.dayMonth(week.start) })}
                    onClick={() => onCreate(week.start)}
                  >
                    {t("timetable.weeks.create")}
                  </Button>
                )}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Distance({ start, current }: { start: string; current: string }) {
  const { t } = useTranslation();
  const weeks = Math.round(daysBetween(current, start) / 7);
  if (weeks === 0) return t("timetable.weeks.this");
  if (weeks === 1) return t("timetable.weeks.coming");
  return weeks > 0
    ? t("timetable.weeks.ahead", { count: weeks })
    : t("timetable.weeks.ago", { count: Math.abs(weeks) });
}

function Plan({ plan, isAlone }: { plan: WeekHead; isAlone: boolean }) {
  const { t } = useTranslation();
  return (
    <Link to="/timetable/weeks/$weekId" params={{ weekId: String(plan.id) }} className={classes.plan}>
      {!isAlone && (
        <strong>
          <Bidi>{plan.batch_name || t("timetable.weeks.institution")}</Bidi>
        </strong>
      )}
      <StatusBadge status={plan.status} />
      {isAlone && plan.edited_at && (
        <span className={classes.edited}>
          {t("timetable.header.edited")} {plan.edited_by && <Bidi>{plan.edited_by}</Bidi>} ·{" "}
          <Moment at={plan.edited_at} />
        </span>
      )}
      {isAlone && !plan.edited_at && <span className={classes.edited}>{t("timetable.weeks.untouched")}</span>}
    </Link>
  );
}

type Made = { kind: "four"; scope: Scope } | { kind: "one"; scope: Scope; start: string };

/** Creating opens the week that was made, or shows the four in the list. */
function useCreate() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: Made) => {
      const scope = bodyOf(wanted.scope);
      if (wanted.kind === "one") {
        const body = { ...scope, week_start_date: wanted.start };
        return { opened: (await writeJson<WeekHead>("POST", WEEKS, body)).id, made: 1 };
      }
      const answer = await writeJson<{ weeks: { created: boolean }[] }>(
        "POST",
        `${WEEKS}create-next-4/`,
        scope,
      );
      return { opened: null, made: answer.weeks.filter((week) => week.created).length };
    },
    onSuccess: ({ opened, made }) => {
      void queryClient.invalidateQueries({ queryKey: [PATH] });
      if (opened !== null) {
        void navigate({ to: "/timetable/weeks/$weekId", params: { weekId: String(opened) } });
        return;
      }
      const message = made > 0 ? t("timetable.weeks.made", { count: made }) : t("timetable.weeks.noneMade");
      notifications.show({ message });
    },
    onError: (error) => {
      const problem = asProblem(error);
      const message = problem.detail || problem.title || t("ui.problem.unreachable");
      notifications.show({ color: "madder", message });
    },
  });
}
