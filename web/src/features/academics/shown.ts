// Rows of the tree and of a lay-out as the bars want them.
import { type Branch, flat } from "../../ui/tree";
import type { Shown } from "./parts/PeriodBars";
import type { LaidOut, Period } from "./queries";

type Words = { kind: (kind: string) => string; everyBatch: string };

/** A lane for each track; what stands on none shares one with its kind. Batches stay apart when there are several. */
export function shownPeriods(roots: Branch<Period>[], words: Words): Shown[] {
  const periods = flat<Period>(roots);
  const batches = new Set(periods.map((period) => period.batch));
  return periods.map((period) => {
    const line = period.track_name ?? words.kind(period.kind);
    const batch = period.batch_name ?? words.everyBatch;
    return {
      id: period.id,
      name: period.name,
      kind: period.kind,
      status: period.status,
      start_date: period.start_date,
      end_date: period.end_date,
      lane: batches.size > 1 ? `${batch} · ${line}` : line,
      page: String(period.id),
    };
  });
}

export function shownLayOut(laidOut: LaidOut, words: Words): Shown[] {
  return laidOut.periods.map((period) => ({
    id: period.template,
    name: period.name,
    kind: period.kind,
    status: "planned",
    start_date: period.start_date,
    end_date: period.end_date,
    lane: words.kind(period.kind),
    page: null,
  }));
}
