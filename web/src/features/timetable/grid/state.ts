// The editor as a reducer: the draft over what the server holds, the cursor, and every step that can be undone.
import { type Changes, cleared, filled, moved, type Piece, pasted, type Shift } from "./blocks";
import { type Axes, addressesOf, nearest, rangeOf } from "./layout";
import { type GridFaults, NO_FAULTS } from "./payload";
import {
  type Address,
  addressOf,
  type Content,
  cellAt,
  changedAddresses,
  EMPTY,
  type GridRow,
  isSameContent,
  type Names,
  patched,
  placeOf,
  ROWS_AT_MOST,
  type Sheet,
  sheetOf,
  type Week,
  withCells,
  withNames,
} from "./sheet";

const UNDO_STEPS = 200;

export type GridState = {
  version: number;
  /** What the server holds. */
  base: Sheet;
  /** What the screen shows. */
  draft: Sheet;
  past: Sheet[];
  future: Sheet[];
  cursor: Address;
  anchor: Address;
  /** The cell under the editor, and the sheet before the editor opened. */
  editing: { address: Address; before: Sheet } | null;
  /** Cells waiting to be moved by the next paste. */
  cut: Address[];
  names: Names;
  faults: GridFaults;
};

export type GridAction =
  | { type: "select"; to: Address; extend?: boolean }
  | { type: "selectAll"; axes: Axes }
  | { type: "fit"; axes: Axes }
  | { type: "beginEdit"; at?: Address }
  | { type: "edit"; patch: Partial<Content>; names?: Partial<Names> }
  | { type: "commitEdit" }
  | { type: "cancelEdit" }
  | { type: "patch"; addresses: Address[]; patch: Partial<Content>; names?: Partial<Names> }
  | { type: "clear"; axes: Axes }
  | { type: "fill"; axes: Axes; way: "right" | "down" }
  | { type: "cut"; axes: Axes }
  | { type: "copied" }
  | { type: "paste"; axes: Axes; block: Piece[][]; names?: Partial<Names> }
  | { type: "move"; axes: Axes; shift: Shift; isCopy: boolean }
  | { type: "setRow"; row: number; patch: Partial<Omit<GridRow, "row_index">> }
  | { type: "addRow"; like?: number }
  | { type: "removeRow"; row: number }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "discard" }
  | { type: "arrived"; week: Week }
  | { type: "saved"; sent: Sheet; held: Sheet; version: number }
  | { type: "rejected"; faults: GridFaults }
  | { type: "rebased"; base: Sheet; draft: Sheet; version: number; names: Names }
  | { type: "restored"; draft: Sheet; names: Partial<Names> };

export function startGrid(week: Week): GridState {
  const sheet = sheetOf(week);
  const first = addressOf(week.rows[0]?.row_index ?? 1, week.first_weekday);
  return {
    version: week.version,
    base: sheet,
    draft: sheet,
    past: [],
    future: [],
    cursor: first,
    anchor: first,
    editing: null,
    cut: [],
    names: week.names,
    faults: NO_FAULTS,
  };
}

export function isDirty(state: GridState): boolean {
  return (
    state.base !== state.draft &&
    (hasRowChanges(state) || changedAddresses(state.base, state.draft).length > 0)
  );
}

function hasRowChanges({ base, draft }: GridState): boolean {
  return base.rows !== draft.rows && JSON.stringify(base.rows) !== JSON.stringify(draft.rows);
}

export function selectedIn(state: GridState, axes: Axes): Address[] {
  return addressesOf(axes, state.anchor, state.cursor);
}

/** A step that undo takes back. */
function step(state: GridState, draft: Sheet, rest: Partial<GridState> = {}): GridState {
  if (draft === state.draft) return { ...state, ...rest };
  return {
    ...state,
    draft,
    past: [...state.past.slice(1 - UNDO_STEPS), state.draft],
    future: [],
    faults: withoutFaults(state.faults, state.draft, draft),
    ...rest,
  };
}

/** A mended cell no longer shows its fault. */
function withoutFaults(faults: GridFaults, before: Sheet, after: Sheet): GridFaults {
  if (faults === NO_FAULTS) return faults;
  const kept = Object.entries(faults.cells).filter(([address]) =>
    isSameContent(cellAt(before, address as Address), cellAt(after, address as Address)),
  );
  const rows = before.rows === after.rows ? faults.rows : {};
  return { ...faults, cells: Object.fromEntries(kept), rows };
}

function changeCells(state: GridState, changes: Changes, rest: Partial<GridState> = {}): GridState {
  return step(state, withCells(state.draft, changes), rest);
}

function learned(state: GridState, names: Partial<Names> | undefined): GridState {
  return names ? { ...state, names: withNames(state.names, names) } : state;
}

/** Whatever stands in an open editor is kept as one step. */
function settled(state: GridState): GridState {
  if (!state.editing) return state;
  const { before } = state.editing;
  const open = { ...state, editing: null };
  if (before === state.draft) return open;
  const isUnchanged = changedAddresses(before, state.draft).length === 0;
  if (isUnchanged) return { ...open, draft: before };
  return step({ ...open, draft: before }, state.draft);
}

function reduceEditing(state: GridState, action: GridAction): GridState | null {
  switch (action.type) {
    case "beginEdit": {
      const ready = settled(state);
      const address = action.at ?? ready.cursor;
      return { ...ready, cursor: address, anchor: address, editing: { address, before: ready.draft } };
    }
    case "edit": {
      if (!state.editing) return state;
      const { address } = state.editing;
      const content = patched(cellAt(state.draft, address), action.patch);
      return { ...learned(state, action.names), draft: withCells(state.draft, { [address]: content }) };
    }
    case "commitEdit":
      return settled(state);
    case "cancelEdit":
      return state.editing ? { ...state, draft: state.editing.before, editing: null } : { ...state, cut: [] };
    default:
      return null;
  }
}

function reduceBlock(state: GridState, action: GridAction): GridState | null {
  switch (action.type) {
    case "patch": {
      const changes = action.addresses.map((address) => [
        address,
        patched(cellAt(state.draft, address), action.patch),
      ]);
      return changeCells(learned(state, action.names), Object.fromEntries(changes));
    }
    case "clear":
      return changeCells(state, cleared(selectedIn(state, action.axes)));
    case "fill": {
      const range = rangeOf(action.axes, state.anchor, state.cursor);
      return changeCells(state, filled(state.draft, action.axes, range, action.way));
    }
    case "cut":
      return { ...state, cut: selectedIn(state, action.axes) };
    case "copied":
      return { ...state, cut: [] };
    case "paste": {
      const range = rangeOf(action.axes, state.anchor, state.cursor);
      const laid = pasted(state.draft, action.axes, range, action.block);
      const changes = { ...cleared(state.cut), ...laid };
      return changeCells(learned(state, action.names), changes, { cut: [] });
    }
    case "move": {
      const { axes, shift, isCopy } = action;
      const anchor = addressOf(axes.rows[shift.target.top] ?? 0, axes.days[shift.target.start] ?? 0);
      const cursor = addressOf(axes.rows[shift.target.bottom] ?? 0, axes.days[shift.target.end] ?? 0);
      return changeCells(state, moved(state.draft, axes, shift, isCopy), { anchor, cursor, cut: [] });
    }
    default:
      return null;
  }
}

function freeIndex(rows: GridRow[]): number | null {
  const taken = new Set(rows.map((row) => row.row_index));
  const next = Math.max(0, ...taken) + 1;
  if (next <= ROWS_AT_MOST) return next;
  return (
    Array.from({ length: ROWS_AT_MOST }, (_, index) => index + 1).find((each) => !taken.has(each)) ?? null
  );
}

function reduceRows(state: GridState, action: GridAction): GridState | null {
  const { rows } = state.draft;
  switch (action.type) {
    case "setRow": {
      const next = rows.map((row) => (row.row_index === action.row ? { ...row, ...action.patch } : row));
      return step(state, { ...state.draft, rows: next });
    }
    case "addRow": {
      const index = freeIndex(rows);
      if (index === null) return state;
      const like = rows.find((row) => row.row_index === action.like);
      const blank = { start_time: null, end_time: null, label: "", lane: "", is_break: false };
      const lane = like ? String(rows.filter((row) => isSameTime(row, like)).length + 1) : "";
      const row = { ...(like ?? blank), lane, row_index: index };
      const cells = Object.entries(state.draft.cells).filter(
        ([each]) => placeOf(each as Address).row !== index,
      );
      return step(state, { rows: [...rows, row], cells: Object.fromEntries(cells) });
    }
    case "removeRow": {
      const kept = rows.filter((row) => row.row_index !== action.row);
      const cells = { ...state.draft.cells };
      for (const each of Object.keys(cells) as Address[]) {
        if (placeOf(each).row === action.row) cells[each] = EMPTY;
      }
      return step(state, { rows: kept, cells });
    }
    default:
      return null;
  }
}

function isSameTime(one: GridRow, other: GridRow): boolean {
  return one.start_time === other.start_time && one.end_time === other.end_time;
}

function reduceHistory(state: GridState, action: GridAction): GridState | null {
  switch (action.type) {
    case "undo": {
      const before = state.past.at(-1);
      if (!before) return state;
      const future = [...state.future, state.draft];
      return { ...state, draft: before, past: state.past.slice(0, -1), future, ...focusOn(state, before) };
    }
    case "redo": {
      const after = state.future.at(-1);
      if (!after) return state;
      const past = [...state.past, state.draft];
      return { ...state, draft: after, future: state.future.slice(0, -1), past, ...focusOn(state, after) };
    }
    case "discard":
      return { ...step(state, state.base), faults: NO_FAULTS, cut: [] };
    case "restored":
      return step(learned(state, action.names), action.draft);
    default:
      return null;
  }
}

/** The cursor goes where something changed, so that an undo is seen. */
function focusOn(state: GridState, next: Sheet): Pick<GridState, "cursor" | "anchor"> {
  const touched = changedAddresses(state.draft, next);
  const [first] = touched;
  if (!first || touched.includes(state.cursor)) return { cursor: state.cursor, anchor: state.anchor };
  return { cursor: first, anchor: first };
}

/** The answer of a save under edits made while it was on its way: those stay, everything else is as answered. */
function rebasedDraft(draft: Sheet, sent: Sheet, held: Sheet): Sheet {
  if (draft === sent) return held;
  const later = changedAddresses(sent, draft).map((address) => [address, cellAt(draft, address)]);
  const rows = draft.rows === sent.rows ? held.rows : draft.rows;
  return { rows, cells: { ...held.cells, ...Object.fromEntries(later) } };
}

function reduceServer(state: GridState, action: GridAction): GridState | null {
  switch (action.type) {
    case "arrived": {
      const names = withNames(state.names, action.week.names);
      if (action.week.version === state.version || isDirty(state) || state.editing)
        return { ...state, names };
      const sheet = sheetOf(action.week);
      const { version } = action.week;
      return { ...state, names, version, base: sheet, draft: sheet, past: [], future: [], faults: NO_FAULTS };
    }
    case "saved": {
      const draft = rebasedDraft(state.draft, action.sent, action.held);
      const editing = state.editing && {
        ...state.editing,
        before: rebasedDraft(state.editing.before, action.sent, action.held),
      };
      return { ...state, version: action.version, base: action.held, draft, editing, faults: NO_FAULTS };
    }
    case "rejected":
      return { ...state, faults: action.faults };
    case "rebased": {
      const { base, draft, version } = action;
      const names = withNames(state.names, action.names);
      return {
        ...state,
        base,
        draft,
        version,
        names,
        past: [],
        future: [],
        editing: null,
        faults: NO_FAULTS,
      };
    }
    default:
      return null;
  }
}

function reduceSelection(state: GridState, action: GridAction): GridState | null {
  switch (action.type) {
    case "select": {
      const anchor = action.extend ? state.anchor : action.to;
      return { ...state, cursor: action.to, anchor };
    }
    case "selectAll": {
      const { rows, days } = action.axes;
      const anchor = addressOf(rows[0] ?? 1, days[0] ?? 0);
      return { ...state, anchor, cursor: addressOf(rows.at(-1) ?? 1, days.at(-1) ?? 0) };
    }
    case "fit": {
      const cursor = nearest(action.axes, state.cursor);
      const anchor = nearest(action.axes, state.anchor);
      return cursor === state.cursor && anchor === state.anchor ? state : { ...state, cursor, anchor };
    }
    default:
      return null;
  }
}

/** Edits in the editor's cell are live; everything else first settles what the editor holds. */
export function reduceGrid(state: GridState, action: GridAction): GridState {
  const edited = reduceEditing(state, action) ?? reduceServer(state, action);
  if (edited) return edited;
  const ready = action.type === "fit" ? state : settled(state);
  return (
    reduceSelection(ready, action) ??
    reduceBlock(ready, action) ??
    reduceRows(ready, action) ??
    reduceHistory(ready, action) ??
    ready
  );
}
