import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { type Chart, shareOf, yearsOf } from "../bars";
import classes from "./PeriodBars.module.css";

export type Shown = {
  id: number | string;
  name: string;
  kind: string;
  status: string;
  start_date: string | null;
  end_date: string | null;
  lane: string;
  /** The record's own page, where there is one already. */
  page: string | null;
};

type Props = { chart: Chart<Shown>; caption: string };

const LEAST = 44;
const REM_A_YEAR = 34;

/** Periods along one line of dates; what runs in parallel stands in lanes of its own. */
export function PeriodBars({ chart, caption }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = shareOf(new Date().toISOString().slice(0, 10), chart);
  return (
    <section className={classes.chart} aria-label={caption}>
      <div
        className={classes.canvas}
        style={{ minWidth: `${Math.max(LEAST, REM_A_YEAR * yearsOf(chart))}rem` }}
      >
        <div className={classes.axis} aria-hidden="true">
          {chart.ticks.map((tick) => (
            <span key={tick.date} style={{ insetInlineStart: `${tick.at}%` }}>
              {format.month(tick.date)}
            </span>
          ))}
        </div>
        {chart.lanes.map((lane) => (
          <div key={lane.name} className={classes.lane}>
            <div className={classes.laneName}>
              <Bidi>{lane.name}</Bidi>
            </div>
            <div className={classes.field}>
              {chart.ticks.map((tick) => (
                <i
                  key={tick.date}
                  className={classes.tick}
                  style={{ insetInlineStart: `${tick.at}%` }}
                  aria-hidden="true"
                />
              ))}
              {today !== null && (
                <i
                  className={classes.today}
                  style={{ insetInlineStart: `${today}%` }}
                  title={t("academics.period.today")}
                />
              )}
              {lane.rows.map((row) => (
                <div key={row[0]?.period.id} className={classes.row}>
                  {row.map((bar) => (
                    <Bar key={bar.period.id} bar={bar} />
                  ))}
                </div>
              ))}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

function Bar({ bar }: { bar: { period: Shown; start: number; width: number } }) {
  const format = useFormat();
  const label = useLabel();
  const { period, start, width } = bar;
  const days = `${format.date(period.start_date ?? "")} – ${format.date(period.end_date ?? "")}`;
  const words = `${period.name}, ${label("academics.periodKind", period.kind)}, ${label("ui.status", period.status)}, ${days}`;
  const style = { insetInlineStart: `${start}%`, width: `${width}%` };
  const inside = (
    <>
      <strong>
        <Bidi>{period.name}</Bidi>
      </strong>
      <span>{days}</span>
    </>
  );
  if (period.page === null) {
    return (
      <div className={classes.bar} data-kind={period.kind} style={style} title={words}>
        {inside}
      </div>
    );
  }
  return (
    <Link
      to="/academics/periods/$id"
      params={{ id: period.page }}
      className={classes.bar}
      data-kind={period.kind}
      data-status={period.status}
      style={style}
      title={words}
    >
      {inside}
    </Link>
  );
}
