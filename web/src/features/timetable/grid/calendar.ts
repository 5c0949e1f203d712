// Weeks as a calendar shows them: every week of a span, planned or not.
import { addDays } from "../dates";

export type PlannedWeek<P> = { start: string; plans: P[] };
export type Month<P> = { month: string; weeks: PlannedWeek<P>[] };

/** All weeks from `from` up to `count` weeks on, newest last; those without a plan are the gaps. */
export function calendarOf<P extends { week_start_date: string }>(
  plans: P[],
  from: string,
  count: number,
): PlannedWeek<P>[] {
  const byStart = new Map<string, P[]>();
  for (const plan of plans) {
    byStart.set(plan.week_start_date, [...(byStart.get(plan.week_start_date) ?? []), plan]);
  }
  return Array.from({ length: count }, (_, index) => {
    const start = addDays(from, index * 7);
    return { start, plans: byStart.get(start) ?? [] };
  });
}

export function byMonth<P>(weeks: PlannedWeek<P>[]): Month<P>[] {
  const months: Month<P>[] = [];
  for (const week of weeks) {
    const month = week.start.slice(0, 7);
    const last = months.at(-1);
    if (last?.month === month) last.weeks.push(week);
    else months.push({ month, weeks: [week] });
  }
  return months;
}
