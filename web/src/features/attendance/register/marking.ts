// Taps on a register until the server has them: what waits, what is on its way, and where somebody else was first.
import type { Line, Mark } from "../queries";

/** A mark not yet saved, on the version of its line that was seen. */
export type Tap = { status: Mark; version: number; remarks?: string; reason?: string };
/** Taps that were sent together; sent again under the same key until the server has judged them. */
export type Batch = { key: string; marks: Record<number, Tap>; rest: boolean };
export type Theirs = { status: Mark | null; version: number; by: string };
export type Clash = { mine: Tap; theirs: Theirs };
export type Marking = {
  taps: Record<number, Tap>;
  /** Everybody expected who is unmarked becomes present. */
  rest: boolean;
  batch: Batch | null;
  clashes: Record<number, Clash>;
};

export const NOTHING: Marking = { taps: {}, rest: false, batch: null, clashes: {} };
const REST: Mark = "present";
const CYCLE: Mark[] = ["present", "late", "absent"];

/** What a tap makes of a mark: present, late, absent, and round again. */
export function nextMark(status: Mark | null): Mark {
  const place = status === null ? -1 : CYCLE.indexOf(status);
  return CYCLE[(place + 1) % CYCLE.length] ?? "present";
}

const isFilled = (line: Line) => line.expected && line.status === null;
const without = <T>(entries: Record<number, T>, id: number): Record<number, T> =>
  Object.fromEntries(Object.entries(entries).filter(([key]) => Number(key) !== id));

/** The mark as the marker sees it, saved or not. */
export function shownMark(state: Marking, line: Line): Mark | null {
  const clash = state.clashes[line.id];
  if (clash) return clash.theirs.status;
  const own = state.taps[line.id] ?? state.batch?.marks[line.id];
  if (own) return own.status;
  if ((state.rest || state.batch?.rest) && isFilled(line)) return REST;
  return line.status as Mark | null;
}

export function isUnsaved(state: Marking, line: Line): boolean {
  const isTapped = line.id in state.taps || line.id in (state.batch?.marks ?? {});
  return isTapped || Boolean((state.rest || state.batch?.rest) && isFilled(line));
}

/** Somebody marks a line; a tap back to what the server holds leaves nothing to save. */
export function tap(state: Marking, line: Line, status: Mark, more: Partial<Tap> = {}): Marking {
  const isOnItsWay = line.id in (state.batch?.marks ?? {}) || state.batch?.rest || state.rest;
  if (line.status === status && more.remarks === undefined && !isOnItsWay) {
    return { ...state, taps: without(state.taps, line.id) };
  }
  return { ...state, taps: { ...state.taps, [line.id]: { status, version: line.version, ...more } } };
}

export const fillRest = (state: Marking): Marking => ({ ...state, rest: true });

export function hasWork(state: Marking): boolean {
  return state.batch !== null || state.rest || Object.keys(state.taps).length > 0;
}

/** The next request: the one that is undecided, else all taps that share the first one's reason. */
export function pack(state: Marking, newKey: () => string): Marking & { batch: Batch } {
  if (state.batch) return { ...state, batch: state.batch };
  const all = Object.entries(state.taps);
  const reason = all[0]?.[1].reason;
  const isTogether = ([, each]: [string, Tap]) => each.reason === reason;
  return {
    ...state,
    taps: Object.fromEntries(all.filter((entry) => !isTogether(entry))),
    rest: state.rest && reason !== undefined,
    batch: {
      key: newKey(),
      marks: Object.fromEntries(all.filter(isTogether)),
      rest: state.rest && reason === undefined,
    },
  };
}

export function bodyOf({ marks, rest }: Batch) {
  const all = Object.entries(marks);
  const reason = all[0]?.[1].reason;
  return {
    marks: all.map(([line, { status, version, remarks }]) => ({
      line: Number(line),
      status,
      version,
      ...(remarks === undefined ? {} : { remarks }),
    })),
    ...(rest ? { rest: REST } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The batch is written; taps made meanwhile stand on the new versions, unless somebody else was there too. */
export function saved(state: Marking, lines: Line[]): Marking {
  const { batch } = state;
  if (!batch) return state;
  let next: Marking = { ...state, batch: null };
  for (const line of lines) {
    const mine = state.taps[line.id];
    const sent = batch.marks[line.id]?.status ?? (batch.rest ? REST : undefined);
    if (!mine || sent === undefined || line.version === mine.version) continue;
    if (line.status === mine.status) next = { ...next, taps: without(next.taps, line.id) };
    else if (line.status === sent) next = retapped(next, line.id, { ...mine, version: line.version });
    else next = clashing(next, line.id, mine, theirsOf(line));
  }
  return next;
}

const retapped = (state: Marking, id: number, mine: Tap): Marking => ({
  ...state,
  taps: { ...state.taps, [id]: mine },
});
const clashing = (state: Marking, id: number, mine: Tap, theirs: Theirs): Marking => ({
  ...state,
  taps: without(state.taps, id),
  clashes: { ...state.clashes, [id]: { mine, theirs } },
});
const theirsOf = (line: Line): Theirs => ({
  status: line.status as Mark | null,
  version: line.version,
  by: line.marked_by,
});

/** Nothing of the batch was written: its taps wait again, later ones in their place. */
export function refused(state: Marking): Marking {
  const { batch } = state;
  if (!batch) return state;
  return {
    ...state,
    taps: { ...batch.marks, ...state.taps },
    rest: state.rest || batch.rest,
    batch: null,
  };
}

export type Differing = { line: number; status: Mark | null; version: number; by: string };

/** Somebody else marked some of the lines first: those are laid side by side, the others wait again. */
export function clashed(state: Marking, differing: Differing[]): Marking {
  return differing.reduce((before, { line, status, version, by }) => {
    const mine = before.taps[line];
    return mine ? clashing(before, line, mine, { status, version, by }) : before;
  }, refused(state));
}

export function settleClash(state: Marking, id: number, whose: "mine" | "theirs"): Marking {
  const clash = state.clashes[id];
  if (!clash) return state;
  const left = { ...state, clashes: without(state.clashes, id) };
  return whose === "theirs" ? left : retapped(left, id, { ...clash.mine, version: clash.theirs.version });
}
