import { Button, Group, Switch } from "@mantine/core";
import { useDisclosure, useWindowEvent } from "@mantine/hooks";
import { IconLayoutSidebarRight, IconRowInsertBottom } from "@tabler/icons-react";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import type { Move } from "../../../api/moves";
import type { Missing } from "../../../api/problem";
import { type Place, PlacesOfMissing } from "../../../ui/places";
import { dateOfDay, todayIn } from "../dates";
import { marksOf, reportOf } from "../grid/conflicts";
import { rowsInOrder, shownDays, stepped } from "../grid/layout";
import { cellsOf } from "../grid/payload";
import { type Address, cellAt, changedAddresses, countOfChanges, placeOf, type Week } from "../grid/sheet";
import { selectedIn } from "../grid/state";
import { CellEditor } from "./CellEditor";
import { CellSessions } from "./CellSessions";
import { CellSummary } from "./CellSummary";
import { ConflictPanel } from "./ConflictPanel";
import { KeyHelp } from "./KeyHelp";
import { SaveBar } from "./SaveBar";
import { type PanelTab, SidePanel } from "./SidePanel";
import panel from "./SidePanel.module.css";
import { useConflictCheck } from "./useConflictCheck";
import { useDayNames } from "./useDayNames";
import { useWeekEditor } from "./useWeekEditor";
import { type WeekDialog, WeekDialogs } from "./WeekDialogs";
import { type GridDay, WeekGrid } from "./WeekGrid";
import { WeekActions, WeekHeader } from "./WeekHeader";
import { WeekNotices } from "./WeekNotices";
import classes from "./WeekWorkspace.module.css";

/** One week as it is worked on: header, grid, side panel, and what is not saved yet. */
export function WeekWorkspace({ week, at }: { week: Week; at?: Address | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const dayNames = useDayNames();
  const root = useRef<HTMLDivElement>(null);
  const editor = useWeekEditor(week, me.user.id);
  const { state, dispatch } = editor;
  const [hideWeekend, setHideWeekend] = useState(true);
  const [seed, setSeed] = useState("");
  const [words, setWords] = useState("");
  const [dialog, setDialog] = useState<WeekDialog | null>(null);
  const [tab, setTab] = useState<PanelTab>(() => (week.conflicts?.count ? "conflicts" : "cell"));
  const [isPanelOpen, { open: openPanel, close: closePanel, toggle: togglePanel }] = useDisclosure(isWide());
  const check = useConflictCheck(week, state);

  const today = todayIn(me.institution?.time_zone ?? "UTC");
  const days: GridDay[] = useMemo(
    () =>
      shownDays({
        sheet: state.draft,
        firstWeekday: week.first_weekday,
        teachingDays: week.teaching_days,
        hideWeekend,
      }).map((day) => {
        const date = dateOfDay(week.week_start_date, day, week.first_weekday);
        const holiday = week.holidays.find((each) => each.start_date <= date && date <= each.end_date);
        return {
          day,
          date,
          holiday: holiday?.name ?? null,
          isToday: date === today,
          isOff: !week.teaching_days.includes(day),
        };
      }),
    [state.draft, week, hideWeekend, today],
  );
  const rows = useMemo(() => rowsInOrder(state.draft.rows), [state.draft.rows]);
  const dayList = days.map((each) => each.day).join();
  const axes = useMemo(
    () => ({
      rows: rows.map((row) => row.row_index),
      days: dayList.split(",").map(Number),
    }),
    [rows, dayList],
  );
  const report = useMemo(() => check.report ?? reportOf(week.conflicts), [check.report, week.conflicts]);
  const marks = useMemo(() => marksOf(report?.conflicts ?? []), [report]);
  const changed = useMemo(
    () => new Set(changedAddresses(state.base, state.draft)),
    [state.base, state.draft],
  );

  const placeWords = useCallback(
    (address: Address) => {
      const { row, day } = placeOf(address);
      const slot = state.draft.rows.find((each) => each.row_index === row);
      const time = slot?.start_time ?? t("timetable.rows.row", { number: row });
      const date = dateOfDay(week.week_start_date, day, week.first_weekday);
      return [`${dayNames.short(day)} ${dayNames.dayMonth(date)}`, time, slot?.lane]
        .filter(Boolean)
        .join(", ");
    },
    [state.draft.rows, week, dayNames, t],
  );

  const focusCell = (address: Address) => {
    root.current?.querySelector<HTMLElement>(`[data-address="${address}"]`)?.focus();
  };
  const jump = (address: Address) => {
    flushSync(() => {
      if (!axes.days.includes(placeOf(address).day)) setHideWeekend(false);
      dispatch({ type: "select", to: address });
    });
    focusCell(address);
  };
  const arrive = useEffectEvent(jump);
  useEffect(() => {
    if (!at) return;
    // The focus moves once the grid stands.
    const frame = requestAnimationFrame(() => arrive(at));
    return () => cancelAnimationFrame(frame);
  }, [at]);
  const edit = (with_: string) => {
    setTab("cell");
    openPanel();
    setSeed(with_);
    if (week.may_edit) dispatch({ type: "beginEdit" });
  };
  const finish = (then: "stay" | "down") => {
    const to = then === "down" ? stepped(axes, state.cursor, "down") : state.cursor;
    flushSync(() => {
      dispatch({ type: "commitEdit" });
      dispatch({ type: "select", to });
    });
    focusCell(to);
  };
  const cancel = () => {
    flushSync(() => dispatch({ type: "cancelEdit" }));
    focusCell(state.cursor);
  };
  const save = () => {
    if (!editor.isDirty || editor.isSaving) return;
    if (week.status === "published") setDialog({ kind: "amend" });
    else void editor.save();
  };

  useWindowEvent("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented || dialog) return;
    const key = event.key.toLowerCase();
    const isWriting = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (key === "s") {
      event.preventDefault();
      save();
    } else if (key === "z" && !isWriting && week.may_edit) {
      event.preventDefault();
      dispatch({ type: event.shiftKey ? "redo" : "undo" });
    }
  });

  const onSheet = (move: Move) => setDialog({ kind: "move", move });
  const faulty = Object.keys(state.faults.cells) as Address[];
  const placedFaults = faulty.length + Object.keys(state.faults.rows).length;
  const content = cellAt(state.draft, state.cursor);
  const severity = report?.conflicts.some((each) => each.severity === "block") ? "block" : "warn";

  const placesOf = (item: Missing): Place[] =>
    cellsOf(item).map((address) => ({
      key: address,
      words: placeWords(address),
      go: () => {
        setDialog(null);
        jump(address);
      },
    }));

  return (
    <PlacesOfMissing value={placesOf}>
      <div ref={root}>
        <WeekHeader week={week} />
        <WeekNotices editor={editor} week={week} />
        <Group className={classes.tools} gap="xs">
          <WeekActions
            week={week}
            isDirty={editor.isDirty}
            onSheet={onSheet}
            onRefused={editor.mark}
            onCopy={() => setDialog({ kind: "copy" })}
            onChangelog={() => setDialog({ kind: "changelog" })}
            onDelete={() => setDialog({ kind: "delete" })}
          />
          <span className={classes.space} />
          {week.may_edit && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRowInsertBottom size={15} aria-hidden="true" />}
              onClick={() => setDialog({ kind: "rows" })}
            >
              {t("timetable.rows.title")}
            </Button>
          )}
          <Switch
            size="xs"
            label={t("timetable.grid.weekend")}
            checked={!hideWeekend}
            onChange={(event) => setHideWeekend(!event.currentTarget.checked)}
          />
          <KeyHelp />
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={isPanelOpen}
            leftSection={<IconLayoutSidebarRight size={15} aria-hidden="true" className={classes.turn} />}
            onClick={togglePanel}
          >
            {t("timetable.panel.label")}
          </Button>
        </Group>
        <div className={classes.desk} data-dirty={editor.isDirty || undefined}>
          <div className={classes.grid}>
            <WeekGrid
              label={t("timetable.grid.label")}
              week={week}
              state={state}
              dispatch={dispatch}
              axes={axes}
              rows={rows}
              days={days}
              marks={marks}
              changed={changed}
              isEditable={week.may_edit}
              onEdit={edit}
              onSave={save}
              say={setWords}
            />
          </div>
          {isPanelOpen && (
            <SidePanel
              tab={state.editing ? "cell" : tab}
              onTab={setTab}
              onClose={() => {
                dispatch({ type: "commitEdit" });
                closePanel();
              }}
              conflicts={report ? { count: report.count, severity } : null}
            >
              {tab === "conflicts" && report && !state.editing ? (
                <ConflictPanel
                  report={report}
                  isOutdated={editor.isDirty && check.report === null}
                  isChecking={check.isChecking}
                  onCheck={check.run}
                  onJump={jump}
                  placeWords={placeWords}
                />
              ) : (
                <>
                  <h2 className={panel.place}>{placeWords(state.cursor)}</h2>
                  {state.editing ? (
                    <CellEditor
                      key={state.editing.address}
                      week={week}
                      sheet={state.draft}
                      names={state.names}
                      address={state.editing.address}
                      seed={seed}
                      faults={state.faults.cells[state.editing.address]}
                      onEdit={(patch, names) =>
                        dispatch({ type: "edit", patch, ...(names ? { names } : {}) })
                      }
                      onDone={finish}
                      onCancel={cancel}
                    />
                  ) : (
                    <CellSummary
                      address={state.cursor}
                      content={content}
                      names={state.names}
                      mark={marks.get(state.cursor)}
                      faults={state.faults.cells[state.cursor]}
                      isEditable={week.may_edit}
                      selectedCount={selectedIn(state, axes).length}
                      onEdit={() => edit("")}
                      onJump={jump}
                      placeWords={placeWords}
                      sessions={<CellSessions week={week} sheet={state.base} address={state.cursor} />}
                    />
                  )}
                </>
              )}
            </SidePanel>
          )}
        </div>
        <SaveBar
          count={countOfChanges(state.base, state.draft)}
          isDirty={editor.isDirty}
          isSaving={editor.isSaving}
          savedAt={editor.savedAt}
          problem={editor.problem}
          placedFaults={placedFaults}
          status={week.status}
          canUndo={state.past.length > 0}
          canRedo={state.future.length > 0}
          onUndo={() => dispatch({ type: "undo" })}
          onRedo={() => dispatch({ type: "redo" })}
          onSave={save}
          onDiscard={() => {
            dispatch({ type: "discard" });
            editor.dismissProblem();
            setWords(t("timetable.say.discarded"));
          }}
          onFirstFault={() => {
            const [first] = faulty;
            if (first) jump(first);
            else setDialog({ kind: "rows" });
          }}
        />
        <div className="visually-hidden" aria-live="polite">
          {words}
        </div>
        <WeekDialogs
          dialog={dialog}
          week={week}
          editor={editor}
          placeWords={placeWords}
          onOpen={setDialog}
          onClose={() => setDialog(null)}
        />
      </div>
    </PlacesOfMissing>
  );
}

const DOCKED = "(min-width: 80em)";

/** Where the panel stands beside the grid it is open from the start; where it would cover the grid it is not. */
function isWide(): boolean {
  return window.matchMedia(DOCKED).matches;
}
