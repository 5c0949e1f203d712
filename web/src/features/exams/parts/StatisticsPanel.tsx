import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import type { Column } from "../../../ui/DataTable";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import type { Statistics } from "../queries";
import classes from "./StatisticsPanel.module.css";

const TENTH = 10;

/** What the class obtained: figures, how the percentages are spread, letters and components. */
export function StatisticsPanel({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const shown = (value: string | null) => (value === null ? null : number(Number(value)));
  const percent = (value: string | null) =>
    value === null ? null : <bdi dir="ltr">{number(Number(value))} %</bdi>;
  return (
    <Panel title={t("exams.statistics.title")}>
      <Facts
        items={[
          { label: t("exams.statistics.total"), value: number(statistics.total) },
          { label: t("exams.statistics.passed"), value: number(statistics.passed) },
          { label: t("exams.statistics.failed"), value: number(statistics.failed) },
          { label: t("exams.statistics.pending"), value: number(statistics.pending) },
          { label: t("exams.statistics.absent"), value: number(statistics.absent) },
          { label: t("exams.statistics.passRate"), value: percent(statistics.pass_percentage) },
          { label: t("exams.statistics.average"), value: shown(statistics.average_marks) },
          { label: t("exams.statistics.median"), value: shown(statistics.median) },
          { label: t("exams.statistics.deviation"), value: shown(statistics.standard_deviation) },
          {
            label: t("exams.statistics.range"),
            value:
              statistics.minimum === null ? null : (
                <bdi dir="ltr">
                  {shown(statistics.minimum)}–{shown(statistics.maximum)}
                </bdi>
              ),
          },
        ]}
      />
      <Histogram counts={statistics.histogram} />
      <Letters letters={statistics.by_letter} />
      <Parts parts={statistics.components} />
    </Panel>
  );
}

/** How many obtained 0–10 %, 10–20 % and so on; a list of numbers to whoever does not see it. */
function Histogram({ counts }: { counts: number[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const most = Math.max(1, ...counts);
  return (
    <ol className={classes.histogram} aria-label={t("exams.statistics.histogram")}>
      {counts.map((count, place) => {
        const from = place * TENTH;
        return (
          <li key={from} className={classes.bar}>
            <span aria-hidden="true">{count > 0 ? number(count) : ""}</span>
            <span
              className={classes.fill}
              style={{ blockSize: `${(70 * count) / most}%` }}
              aria-hidden="true"
            />
            <span className={classes.range} aria-hidden="true">
              {number(from)}–{number(from + TENTH)}
            </span>
            <span className="visually-hidden">
              {t("exams.statistics.bar", { from, to: from + TENTH, count })}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Letters({ letters }: { letters: Record<string, number> }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const found = Object.entries(letters);
  if (found.length === 0) return null;
  return (
    <ul className={classes.letters} aria-label={t("exams.statistics.letters")}>
      {found.map(([letter, count]) => (
        <li key={letter}>
          <strong>{letter}</strong> {number(count)}
        </li>
      ))}
    </ul>
  );
}

function Parts({ parts }: { parts: Statistics["components"] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const columns = useMemo<Column<Statistics["components"][number]>[]>(() => {
    const shown = (value: string | null) => (value === null ? "–" : number(Number(value)));
    return [
      { id: "name", header: t("exams.fields.component"), cell: (row) => <Bidi>{row.name}</Bidi> },
      {
        id: "average",
        header: t("exams.statistics.average"),
        align: "end",
        cell: (row) => shown(row.average_marks),
      },
      { id: "median", header: t("exams.statistics.median"), align: "end", cell: (row) => shown(row.median) },
      { id: "absent", header: t("exams.statistics.absent"), align: "end", cell: (row) => number(row.absent) },
      {
        id: "passed",
        header: t("exams.statistics.passRate"),
        align: "end",
        cell: (row) => (row.pass_percentage === null ? "–" : `${shown(row.pass_percentage)} %`),
      },
    ];
  }, [t, number]);
  if (parts.length < 2) return null;
  return (
    <div className={classes.parts}>
      <SmallTable
        caption={t("exams.components")}
        columns={columns}
        rows={parts}
        rowId={(row) => row.id}
        empty=""
      />
    </div>
  );
}
