// Periods as bars on one line of dates: where each begins, how wide it is, which lane it stands in.

const DAY = 86_400_000;

export type Dated = {
  id: number | string;
  name: string;
  start_date: string | null;
  end_date: string | null;
  /** What stands in one lane: a track, or a level of the tree. */
  lane: string;
};

export type Bar<P> = { period: P; start: number; width: number };
export type Lane<P> = { name: string; rows: Bar<P>[][] };
export type Tick = { at: number; date: string };
export type Chart<P> = { lanes: Lane<P>[]; ticks: Tick[]; first: string; last: string };

export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
}

function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The share of the line of dates at which a day begins, in percent; null outside it. */
export function shareOf(date: string, chart: { first: string; last: string }): number | null {
  const first = dayNumber(chart.first);
  const length = dayNumber(chart.last) - first + 1;
  const at = dayNumber(date) - first;
  return at < 0 || at >= length ? null : (100 * at) / length;
}

/** Bars that do not overlap share a row; each takes the first row that is free. */
export function packed<P extends { start: number; width: number }>(bars: P[]): P[][] {
  const rows: P[][] = [];
  for (const bar of [...bars].sort((a, b) => a.start - b.start || b.width - a.width)) {
    const free = rows.find((row) => {
      const before = row.at(-1);
      return before === undefined || before.start + before.width <= bar.start + 1e-9;
    });
    if (free) free.push(bar);
    else rows.push([bar]);
  }
  return rows;
}

const STEPS = [1, 2, 3, 6, 12, 24, 60];
const FEWEST_TICKS = 14;
const TICKS_A_YEAR = 6;
const YEAR = 365.25;

/** How many years the line of dates covers; a long one is drawn wider than the screen. */
export function yearsOf({ first, last }: { first: string; last: string }): number {
  return (dayNumber(last) - dayNumber(first) + 1) / YEAR;
}

/** First days of months, as many as can be read. */
export function ticksOf(first: string, last: string): Tick[] {
  const from = dayNumber(first);
  const length = dayNumber(last) - from + 1;
  const [year = 0, month = 1] = first.split("-").map(Number);
  const months = Math.ceil(length / 30);
  const most = Math.max(FEWEST_TICKS, TICKS_A_YEAR * yearsOf({ first, last }));
  const step = STEPS.find((each) => months / each <= most) ?? 120;
  const ticks: Tick[] = [];
  // Steps of several months begin in January, so that years stay recognisable.
  for (let index = Math.floor((month - 1) / step) * step; ; index += step) {
    const day = Math.round(Date.UTC(year, index, 1) / DAY);
    if (day >= from + length) return ticks;
    if (day >= from) ticks.push({ at: (100 * (day - from)) / length, date: dateOf(day) });
  }
}

/** Lanes in the order in which they first appear; null where nothing has dates. */
export function chartOf<P extends Dated>(periods: P[]): Chart<P> | null {
  const dated = periods.flatMap((period) => {
    const { start_date, end_date } = period;
    if (!start_date || !end_date) return [];
    return [{ period, from: dayNumber(start_date), to: dayNumber(end_date) }];
  });
  if (dated.length === 0) return null;
  const first = Math.min(...dated.map(({ from }) => from));
  const last = Math.max(...dated.map(({ to }) => to));
  const length = last - first + 1;
  const lanes = new Map<string, Bar<P>[]>();
  for (const { period, from, to } of dated) {
    const bar = { period, start: (100 * (from - first)) / length, width: (100 * (to - from + 1)) / length };
    lanes.set(period.lane, [...(lanes.get(period.lane) ?? []), bar]);
  }
  return {
    lanes: [...lanes].map(([name, bars]) => ({ name, rows: packed(bars) })),
    first: dateOf(first),
    last: dateOf(last),
    ticks: ticksOf(dateOf(first), dateOf(last)),
  };
}
