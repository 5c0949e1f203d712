import { useDirection } from "@mantine/core";
import {
  type ClipboardEvent,
  type CSSProperties,
  type Dispatch,
  type KeyboardEvent,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";
import { CELLS_TYPE, readClip, topicsOf, toTsv, writeClip } from "../grid/clipboard";
import type { Mark } from "../grid/conflicts";
import { commandOf } from "../grid/keys";
import { type Axes, bandPlaces, matrixOf, rangeOf, stepped, tabbed } from "../grid/layout";
import { type Address, addressOf, cellAt, type GridRow, type Week } from "../grid/sheet";
import type { GridAction, GridState } from "../grid/state";
import { lineOf } from "../grid/words";
import { DayHead } from "./DayHead";
import { GridCell } from "./GridCell";
import { RowHead } from "./RowHead";
import { useGridPointer } from "./useGridPointer";
import classes from "./WeekGrid.module.css";

export type GridDay = { day: number; date: string; holiday: string | null; isToday: boolean; isOff: boolean };

type Props = {
  label: string;
  week: Week;
  state: GridState;
  dispatch: Dispatch<GridAction>;
  axes: Axes;
  rows: GridRow[];
  days: GridDay[];
  marks: Map<Address, Mark>;
  changed: ReadonlySet<Address>;
  isEditable: boolean;
  onEdit: (seed: string) => void;
  onSave: () => void;
  say: (words: string) => void;
};

// A table that is moved about in like a spreadsheet (ARIA Authoring Practices, "grid" pattern).
const gridRole = (isReadOnly: boolean) =>
  ({ role: "grid", "aria-multiselectable": true, "aria-readonly": isReadOnly }) as const;

/** The week as a spreadsheet: one cell in the tab order, everything by keyboard, mouse as a shortcut. */
export function WeekGrid(props: Props) {
  const { label, state, dispatch, axes, rows, days, marks, changed, isEditable, say } = props;
  const { t } = useTranslation();
  const { dir } = useDirection();
  const table = useRef<HTMLTableElement>(null);
  const isLeaving = useRef(false);
  const hadFocus = useRef(false);

  const selection = rangeOf(axes, state.anchor, state.cursor);
  const selected = useMemo(
    () => new Set(matrixOf(axes, rangeOf(axes, state.anchor, state.cursor)).flat()),
    [axes, state.anchor, state.cursor],
  );
  const cut = useMemo(() => new Set(state.cut), [state.cut]);
  const bands = useMemo(() => bandPlaces(rows), [rows]);
  const pointer = useGridPointer({
    axes,
    draft: state.draft,
    selection,
    selected,
    isEditable,
    onSelect: (to, extend) => dispatch({ type: "select", to, extend }),
    onMove: (shift, isCopy) => {
      dispatch({ type: "move", axes, shift, isCopy });
      say(isCopy ? t("timetable.say.dropCopied") : t("timetable.say.dropMoved"));
    },
  });

  // The focus follows the cursor for as long as it is in the grid.
  useLayoutEffect(() => {
    const cell = table.current?.querySelector<HTMLElement>(`[data-address="${state.cursor}"]`);
    if (!cell || !hadFocus.current || state.editing) return;
    if (document.activeElement !== cell) cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [state.cursor, state.editing]);

  const go = (to: Address, extend: boolean) => dispatch({ type: "select", to, extend });

  const onTab = (event: KeyboardEvent, isBack: boolean) => {
    const to = isLeaving.current ? null : tabbed(axes, state.cursor, isBack);
    isLeaving.current = false;
    if (!to) return;
    event.preventDefault();
    go(to, false);
  };

  const onChange = (event: KeyboardEvent, command: GridAction, words: string) => {
    event.preventDefault();
    if (!isEditable) return;
    dispatch(command);
    say(words);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const command = commandOf(
      { ...strokeOf(event), isComposing: event.nativeEvent.isComposing },
      dir === "rtl",
    );
    if (!command) return;
    switch (command.type) {
      case "go":
        event.preventDefault();
        return go(stepped(axes, state.cursor, command.step), command.extend);
      case "tab":
        return onTab(event, command.isBack);
      case "edit":
        event.preventDefault();
        return props.onEdit(command.seed);
      case "clear":
        return onChange(event, { type: "clear", axes }, t("timetable.say.cleared", { count: selected.size }));
      case "fill":
        return onChange(event, { type: "fill", axes, way: command.way }, t("timetable.say.filled"));
      case "undo":
        return onChange(event, { type: "undo" }, t("timetable.say.undone"));
      case "redo":
        return onChange(event, { type: "redo" }, t("timetable.say.redone"));
      case "selectAll":
        event.preventDefault();
        return dispatch({ type: "selectAll", axes });
      case "save":
        event.preventDefault();
        return props.onSave();
      case "escape":
        isLeaving.current = !pointer.isDragging && state.cut.length === 0;
        pointer.cancel();
        dispatch({ type: "cancelEdit" });
        if (isLeaving.current) say(t("timetable.say.tabLeaves"));
    }
  };

  const write = (event: ClipboardEvent) => {
    event.preventDefault();
    const block = matrixOf(axes, selection).map((line) =>
      line.map((address) => cellAt(state.draft, address)),
    );
    const text = toTsv(block.map((line) => line.map((content) => lineOf(content, state.names))));
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData(CELLS_TYPE, writeClip({ block, names: state.names }));
  };

  const onCopy = (event: ClipboardEvent) => {
    write(event);
    dispatch({ type: "copied" });
    say(t("timetable.say.copied", { count: selected.size }));
  };

  const onCut = (event: ClipboardEvent) => {
    write(event);
    if (!isEditable) return;
    dispatch({ type: "cut", axes });
    say(t("timetable.say.cut", { count: selected.size }));
  };

  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    if (!isEditable) return;
    const clip = readClip(event.clipboardData.getData(CELLS_TYPE));
    const text = event.clipboardData.getData("text/plain");
    if (!clip && text === "") return;
    const block = clip?.block ?? topicsOf(text);
    dispatch({ type: "paste", axes, block, ...(clip ? { names: clip.names } : {}) });
    say(t("timetable.say.pasted", { count: block.flat().length }));
  };

  return (
    <div className={classes.scroll}>
      <table
        ref={table}
        {...gridRole(!isEditable)}
        aria-label={label}
        className={classes.grid}
        style={{ "--days": days.length } as CSSProperties}
        data-dragging={pointer.isDragging || undefined}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onCut={onCut}
        onPaste={onPaste}
        onFocus={(event) => {
          hadFocus.current = true;
          isLeaving.current = false;
          const at = pointer.addressAt(event.target);
          if (at && at !== state.cursor && !selected.has(at)) go(at, false);
        }}
        onBlur={(event) => {
          hadFocus.current = event.currentTarget.contains(event.relatedTarget);
        }}
        onClick={(event) => {
          const at = pointer.addressAt(event.target);
          if (at && event.detail === 0) go(at, false);
        }}
        onDoubleClick={(event) => {
          if (pointer.addressAt(event.target)) props.onEdit("");
        }}
        {...pointer.handlers}
      >
        <thead>
          <tr>
            <th className={classes.corner} scope="col">
              <span className="visually-hidden">{t("timetable.grid.time")}</span>
            </th>
            {days.map((day) => (
              <DayHead key={day.day} day={day} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.row_index} data-band={bands[index]}>
              <RowHead row={row} band={bands[index] ?? "single"} faults={state.faults.rows[row.row_index]} />
              {days.map((day) => {
                const address = addressOf(row.row_index, day.day);
                return (
                  <GridCell
                    key={day.day}
                    address={address}
                    content={cellAt(state.draft, address)}
                    names={state.names}
                    mark={marks.get(address)}
                    faults={state.faults.cells[address]}
                    isCursor={address === state.cursor}
                    isSelected={selected.has(address)}
                    isChanged={changed.has(address)}
                    isCut={cut.has(address)}
                    isTarget={pointer.targets.has(address)}
                    isBreak={row.is_break}
                    isHoliday={day.holiday !== null}
                    isToday={day.isToday}
                    isOff={day.isOff}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function strokeOf(event: KeyboardEvent) {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  return { key, ctrlKey, metaKey, shiftKey, altKey };
}
