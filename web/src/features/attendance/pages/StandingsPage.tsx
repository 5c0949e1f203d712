import { Button } from "@mantine/core";
import { IconAlertTriangle, IconListCheck } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { DayFilter, ReferenceFilter } from "../../../ui/filters";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { CourseSelect, GroupSelect, PeriodSelect } from "../../../ui/references";
import { CodeBadge } from "../parts/CodeBadge";
import { Percent } from "../parts/Percent";
import { type LearnerStanding, STANDINGS } from "../queries";

const route = getRouteApi("/shell/attendance/eligibility");
/** Only lists know of condonations. */
const STANDING_CODES = ["eligible", "below_threshold", "no_sessions"] as const;

/** How learners stand now: who may sit, who is near the threshold, who is below it. */
export function StandingsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  const isNear = search.near === "true";
  return (
    <>
      <PageHeader
        title={t("attendance.standings.title")}
        lead={t("attendance.standings.lead")}
        actions={
          <ButtonLink
            to="/attendance/eligibility-lists"
            variant="default"
            leftSection={<IconListCheck size={16} />}
          >
            {t("attendance.lists.title")}
          </ButtonLink>
        }
      />
      <DataTable
        path={STANDINGS}
        caption={t("attendance.standings.title")}
        columns={columns}
        rowId={(row) => row.person}
        search={search}
        filters={[
          {
            name: "code",
            label: t("attendance.standings.code"),
            options: STANDING_CODES.map((value) => ({ value, label: label("attendance.code", value) })),
          },
          {
            name: "academic_period",
            label: t("attendance.standings.period"),
            control: (field) => (
              <ReferenceFilter field={field} path="/api/v1/academics/academic-periods/" of={PeriodSelect} />
            ),
          },
          {
            name: "course",
            label: t("attendance.mine.course"),
            control: (field) => (
              <ReferenceFilter field={field} path="/api/v1/academics/courses/" of={CourseSelect} />
            ),
          },
          {
            name: "group",
            label: t("attendance.standings.group"),
            control: (field) => (
              <ReferenceFilter field={field} path="/api/v1/academics/groups/" of={GroupSelect} />
            ),
          },
          {
            name: "start_date",
            label: t("attendance.standings.from"),
            control: (field) => <DayFilter {...field} />,
          },
          {
            name: "end_date",
            label: t("attendance.standings.until"),
            control: (field) => <DayFilter {...field} />,
          },
        ]}
        actions={
          <Button
            variant={isNear ? "filled" : "default"}
            aria-pressed={isNear}
            leftSection={<IconAlertTriangle size={16} aria-hidden="true" />}
            onClick={() =>
              void navigate({
                search: (before) => ({ ...before, page: undefined, near: isNear ? undefined : "true" }),
                resetScroll: false,
              })
            }
          >
            {t("attendance.standings.near")}
          </Button>
        }
        empty={{
          title: isNear ? t("attendance.standings.noneNear") : t("attendance.standings.empty"),
          detail: isNear ? t("attendance.standings.noneNearDetail") : t("attendance.standings.emptyDetail"),
          action: <AnchorLink to="/timetable/sessions">{t("attendance.standings.toSessions")}</AnchorLink>,
        }}
      />
    </>
  );
}

function useColumns(): Column<LearnerStanding>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  return useMemo<Column<LearnerStanding>[]>(
    () => [
      {
        id: "person",
        header: t("attendance.corrections.person"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      {
        id: "code",
        header: t("attendance.standings.code"),
        cell: (row) => <CodeBadge code={row.code} />,
      },
      {
        id: "percentage",
        header: t("attendance.standings.percentage"),
        cell: (row) => (
          <Percent
            percentage={row.percentage}
            threshold={row.threshold}
            eligible={row.is_eligible}
            isNear={row.is_near}
            isNone={row.code === "no_sessions"}
          />
        ),
      },
      ...(["present", "late", "absent", "excused"] as const).map((mark) => ({
        id: mark,
        header: label("ui.status", mark),
        align: "end" as const,
        cell: (row: LearnerStanding) => number(row[mark]),
      })),
      {
        id: "unmarked",
        header: label("ui.status", "unmarked"),
        align: "end",
        isExtra: true,
        cell: (row) => number(row.unmarked),
      },
      {
        id: "can_miss",
        header: t("attendance.standings.canMiss"),
        align: "end",
        cell: (row) => (row.to_come > 0 ? number(row.can_miss) : "–"),
      },
      {
        id: "to_come",
        header: t("attendance.standings.toCome"),
        align: "end",
        isExtra: true,
        cell: (row) => number(row.to_come),
      },
      {
        id: "threshold",
        header: t("attendance.standings.threshold"),
        align: "end",
        isExtra: true,
        cell: (row) => <bdi dir="ltr">{number(Number(row.threshold))} %</bdi>,
      },
    ],
    [t, label, number],
  );
}
