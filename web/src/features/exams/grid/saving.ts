// Typed marks on their way to the server: what waits, what is being sent, what was refused, what met somebody else's.
import type { Problem } from "../../../api/problem";
import type { GridCell } from "../queries";
import { isSame, keyOf, type Place, type Said, saidBy, textOf } from "./cells";

export type Theirs = Pick<GridCell, "state" | "marks"> & { version: number; by: string; at: string | null };
export type Fault = { code: string; detail: string };
export type Edit = Place & {
  text: string;
  /** The version of the cell that the writer has seen; 0 of an empty one. */
  version: number;
  phase: "waiting" | "sending" | "refused" | "clashed";
  fault?: Fault;
  theirs?: Theirs;
};
export type Edits = Readonly<Record<string, Edit>>;
export type Entry = Place & Said & { version: number };
export type Sent = { edits: Edit[]; entries: Entry[] };

export const NOTHING: Edits = {};
/** As many cells as one request takes. */
const MOST = 1_000;

const without = (edits: Edits, keys: string[]): Edits =>
  Object.fromEntries(Object.entries(edits).filter(([key]) => !keys.includes(key)));
const among = (edits: Edits, phase: Edit["phase"]) =>
  Object.values(edits).filter((edit) => edit.phase === phase);

/** A cell says something else; what is said already needs no saving. */
export function typed(edits: Edits, place: Place, text: string, standing: GridCell | undefined): Edits {
  const key = keyOf(place);
  const before = edits[key];
  const version = before?.phase === "clashed" ? before.version : (standing?.version ?? 0);
  const isSending = before?.phase === "sending";
  if (!isSending && isSame(text, textOf(standing))) return without(edits, [key]);
  return { ...edits, [key]: { ...place, text, version, phase: "waiting" } };
}

export const hasWork = (edits: Edits): boolean => among(edits, "waiting").length > 0;
export const isSettled = (edits: Edits): boolean => Object.keys(edits).length === 0;

/** Everything that waits, as one request; it is all written or none of it. */
export function pack(edits: Edits): { edits: Edits; sent: Sent } {
  const going = among(edits, "waiting").slice(0, MOST);
  const marked = Object.fromEntries(
    going.map((edit): [string, Edit] => [keyOf(edit), { ...edit, phase: "sending" }]),
  );
  const entries = going.map(({ candidate, component, text, version }) => ({
    candidate,
    component,
    ...saidBy(text),
    version,
  }));
  return { edits: { ...edits, ...marked }, sent: { edits: going, entries } };
}

/** The server has written them; what was typed meanwhile goes on from the version that stands now. */
export function saved(edits: Edits, sent: Sent, versionOf: (place: Place) => number): Edits {
  const done: string[] = [];
  const onward: Record<string, Edit> = {};
  for (const edit of sent.edits) {
    const key = keyOf(edit);
    const now = edits[key];
    if (!now) continue;
    if (isSame(now.text, edit.text)) done.push(key);
    else onward[key] = { ...now, version: versionOf(edit) };
  }
  return { ...without(edits, done), ...onward };
}

const back = (edits: Edits, sent: Sent, change: (edit: Edit, place: number) => Partial<Edit>): Edits => ({
  ...edits,
  ...Object.fromEntries(
    sent.edits.flatMap((edit, place): [string, Edit][] => {
      const now = edits[keyOf(edit)];
      if (!now) return [];
      // What was typed meanwhile has not been judged yet.
      const verdict = isSame(now.text, edit.text) ? change(edit, place) : {};
      return [[keyOf(edit), { ...now, phase: "waiting", ...verdict }]];
    }),
  ),
});

/** The network lost them: they wait again. */
export const lost = (edits: Edits, sent: Sent): Edits => back(edits, sent, () => ({}));

const POINTER = /^\/entries\/(\d+)/;

/** Some cells are wrong: they say why, and the others go again without them. */
function faulty(edits: Edits, sent: Sent, problem: Problem): Edits {
  const faults = new Map<number, Fault>();
  for (const { pointer, code, detail } of problem.errors) {
    const place = POINTER.exec(pointer)?.[1];
    if (place !== undefined) faults.set(Number(place), { code, detail });
  }
  if (faults.size === 0) return refusedAll(edits, sent, problem);
  return back(edits, sent, (_, place) => {
    const fault = faults.get(place);
    return fault ? { phase: "refused", fault } : {};
  });
}

function refusedAll(edits: Edits, sent: Sent, { code, detail, title }: Problem): Edits {
  return back(edits, sent, () => ({ phase: "refused", fault: { code, detail: detail || title } }));
}

const numbers = (raw: unknown): number[] => (Array.isArray(raw) ? raw.map(Number) : []);

/** Candidates or components that a refusal names: the cells of the others go again. */
function named(edits: Edits, sent: Sent, problem: Problem): Edits {
  const candidates = new Set([
    ...numbers(problem.extra.candidates),
    ...problem.missing.flatMap(({ where }) =>
      where?.candidate === undefined ? [] : [Number(where.candidate)],
    ),
  ]);
  const components = new Set(numbers(problem.extra.components));
  const { code, detail } = problem;
  const isNamed = (edit: Edit) => candidates.has(edit.candidate) || components.has(edit.component);
  if (!sent.edits.some(isNamed)) return refusedAll(edits, sent, problem);
  return back(edits, sent, (edit) => (isNamed(edit) ? { phase: "refused", fault: { code, detail } } : {}));
}

type Clash = Theirs & Place;

/** Somebody else wrote in between: theirs stands, and the writer chooses. */
function clashed(edits: Edits, sent: Sent, problem: Problem): Edits {
  const raw = problem.extra.cells;
  const cells = new Map((Array.isArray(raw) ? (raw as Clash[]) : []).map((cell) => [keyOf(cell), cell]));
  if (cells.size === 0) return refusedAll(edits, sent, problem);
  return back(edits, sent, (edit) => {
    const theirs = cells.get(keyOf(edit));
    if (!theirs) return {};
    return { phase: "clashed", theirs, version: theirs.version };
  });
}

/** What a refusal means for each cell that was sent. */
export function refused(edits: Edits, sent: Sent, problem: Problem): Edits {
  if (problem.isUndecided || problem.status === 401) return lost(edits, sent);
  if (problem.isStale) return clashed(edits, sent, problem);
  if (problem.status === 422) return faulty(edits, sent, problem);
  return named(edits, sent, problem);
}

/** A clash is decided: theirs stays, or mine goes over it knowingly. */
export function settled(edits: Edits, place: Place, whose: "mine" | "theirs"): Edits {
  const key = keyOf(place);
  const edit = edits[key];
  if (edit?.phase !== "clashed") return edits;
  if (whose === "theirs" || isSame(edit.text, textOf(edit.theirs))) return without(edits, [key]);
  const { theirs: _, ...mine } = edit;
  return { ...edits, [key]: { ...mine, phase: "waiting" } };
}

/** What was typed is given up. */
export const dropped = (edits: Edits, place: Place): Edits => without(edits, [keyOf(place)]);

export type RowState = "saved" | "unsaved" | "saving" | "refused" | "clashed";

/** How far the marks of one candidate have come; the worst of its cells. */
export function stateOf(edits: Edits, candidate: number): RowState {
  const phases = new Set(
    Object.values(edits)
      .filter((edit) => edit.candidate === candidate)
      .map(({ phase }) => phase),
  );
  if (phases.has("clashed")) return "clashed";
  if (phases.has("refused")) return "refused";
  if (phases.has("sending")) return "saving";
  return phases.has("waiting") ? "unsaved" : "saved";
}
