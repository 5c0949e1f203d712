import { Button, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { AskForm } from "../forms/AskForm";
import { StandingCard } from "../parts/StandingCard";
import { MARKS, type Mine, mineQuery, OWN_SESSIONS, type OwnLine } from "../queries";
import classes from "./MinePage.module.css";

const route = getRouteApi("/shell/attendance/mine");

/** One's own attendance: may I miss one more, and is what is written of me true? */
export function MinePage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const search = route.useSearch();
  const { data: mine } = useSuspenseQuery(mineQuery());
  const [asking, setAsking] = useState<OwnLine | null>(null);
  const columns = useColumns(setAsking);
  const close = () => setAsking(null);
  return (
    <>
      <PageHeader
        title={t("attendance.mine.title")}
        lead={t("attendance.mine.span", {
          from: format.date(mine.start_date),
          to: format.date(mine.end_date),
        })}
      />
      <Stack gap="lg">
        <Rings mine={mine} />
        <DataTable
          path={OWN_SESSIONS}
          caption={t("attendance.mine.sessions")}
          columns={columns}
          rowId={(line) => line.id}
          search={search}
          isSearchable={false}
          filters={[
            {
              name: "course",
              label: t("attendance.mine.course"),
              options: mine.courses.flatMap(({ course, name }) =>
                course === null ? [] : [{ value: String(course), label: name }],
              ),
            },
            {
              name: "status",
              label: t("attendance.mine.mark"),
              options: MARKS.map((value) => ({ value, label: label("ui.status", value) })),
            },
          ]}
          empty={{
            title: t("attendance.mine.empty"),
            detail: t("attendance.mine.emptyDetail"),
            action: <AnchorLink to="/timetable/my-week">{t("attendance.mine.toWeek")}</AnchorLink>,
          }}
        />
      </Stack>
      <FormDialog
        opened={asking !== null}
        onClose={close}
        size="md"
        title={
          asking && (
            <>
              {t("attendance.ask.title")}: <Bidi>{asking.title}</Bidi>, {format.shortDay(asking.starts_at)}
            </>
          )
        }
      >
        {asking && <AskForm line={asking.id} status={asking.status ?? ""} onDone={close} />}
      </FormDialog>
    </>
  );
}

/** Courses in which something counts have a ring; the others are only named, so that a phone is not full of dashes. */
function Rings({ mine }: { mine: Mine }) {
  const { t } = useTranslation();
  const nameOf = (name: string) => name || t("attendance.mine.noCourse");
  const isCounted = (course: Mine["courses"][number]) => course.code !== "no_sessions";
  const waiting = mine.courses.filter((course) => !isCounted(course));
  return (
    <div className={classes.rings}>
      <div className={classes.overall}>
        <StandingCard large title={t("attendance.mine.overall")} standing={mine.overall} />
      </div>
      {mine.courses.filter(isCounted).map(({ course, name, ...standing }) => (
        <StandingCard key={course ?? "none"} title={<Bidi>{nameOf(name)}</Bidi>} standing={standing} />
      ))}
      {waiting.length > 0 && (
        <p className={classes.waiting}>
          {t("attendance.say.none")}:{" "}
          {waiting.map(({ course, name }, index) => (
            <span key={course ?? "none"}>
              {index > 0 && " · "}
              <Bidi>{nameOf(name)}</Bidi>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function useColumns(onAsk: (line: OwnLine) => void): Column<OwnLine>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  const mayAsk = can("attendance.correct");
  return useMemo<Column<OwnLine>[]>(
    () => [
      {
        id: "when",
        header: t("attendance.mine.when"),
        sort: "starts_at",
        cell: (line) => (
          <>
            {format.shortDay(line.starts_at)}, <bdi dir="ltr">{format.time(line.starts_at)}</bdi>
          </>
        ),
      },
      {
        id: "title",
        header: t("attendance.mine.session"),
        sort: "title",
        cell: (line) => (
          <AnchorLink to="/timetable/sessions/$sessionId" params={{ sessionId: String(line.session) }}>
            <Bidi>{line.title}</Bidi>
          </AnchorLink>
        ),
      },
      {
        id: "status",
        header: t("attendance.mine.mark"),
        sort: "status",
        cell: (line) => (
          <span className={classes.mark} data-mark={line.status ?? "none"}>
            {label(
              "ui.status",
              line.register_status === "not_held" ? "not_held" : (line.status ?? "unmarked"),
            )}
          </span>
        ),
      },
      {
        id: "remarks",
        header: t("attendance.mine.remarks"),
        cell: (line) => line.remarks && <Bidi>{line.remarks}</Bidi>,
      },
      {
        id: "correction",
        header: t("attendance.mine.correction"),
        cell: (line) =>
          line.correction ? (
            <AnchorLink to="/attendance/corrections/$id" params={{ id: String(line.correction.id) }}>
              {t("attendance.mine.asked")}
            </AnchorLink>
          ) : (
            mayAsk &&
            line.can_correct && (
              <Button size="compact-sm" variant="default" onClick={() => onAsk(line)}>
                {t("attendance.ask.button")}
              </Button>
            )
          ),
      },
    ],
    [t, label, format, mayAsk, onAsk],
  );
}
