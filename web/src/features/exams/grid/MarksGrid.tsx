import { Button, Group, TextInput } from "@mantine/core";
import { IconCloudOff, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../../ui/EmptyState";
import { useFormat } from "../../../ui/format";
import { LeaveGuard } from "../../../ui/LeaveGuard";
import { Notice } from "../../../ui/Notice";
import type { Grid, GridRow } from "../queries";
import { CandidateRow } from "./CandidateRow";
import { cellOf } from "./cells";
import classes from "./Grid.module.css";
import type { CellActs } from "./MarkCell";
import { next, type Spot } from "./moving";
import { closedGrid, closedRow, isMissing } from "./openness";
import { PasteDialog } from "./PasteDialog";
import { type Pasted, paste } from "./pasting";
import { isSettled, stateOf } from "./saving";
import { type Marks, useMarks } from "./useMarks";

/** The marks of an exam as a sheet: typed, pasted, saved by itself. */
export function MarksGrid({ grid }: { grid: Grid }) {
  const { t } = useTranslation();
  const marks = useMarks(grid.exam);
  const table = useRef<HTMLTableElement>(null);
  const [search, setSearch] = useState("");
  // Kept as chosen: a row does not go away under the hand that fills it.
  const [missing, setMissing] = useState<ReadonlySet<number> | null>(null);
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const isGridOpen = closedGrid(grid) === null;
  const isOpen = (row: GridRow) => isGridOpen && closedRow(row) === null;
  const words = search.trim().toLowerCase();
  const rows = grid.rows.filter(
    (row) =>
      (!missing || missing.has(row.candidate)) &&
      `${row.full_name} ${row.reg_no} ${row.seat_no}`.toLowerCase().includes(words),
  );
  const incomplete = grid.rows.filter((row) => isMissing(row, grid.components.length));
  const size = { row: rows.length, column: grid.components.length };

  const focus = (spot: Spot, step: number): void => {
    const input = table.current?.querySelector<HTMLInputElement>(`[data-spot="${spot.row}:${spot.column}"]`);
    if (input) input.focus();
    // Rows that are read alone have no input: go on in the same direction.
    else if (spot.row + step >= 0 && spot.row + step < size.row) {
      focus({ ...spot, row: spot.row + step }, step);
    }
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>, spot: Spot) => {
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    const isAll = selectionStart === 0 && selectionEnd === value.length;
    const caret = {
      atStart: isAll || (selectionStart === 0 && selectionEnd === 0),
      atEnd: isAll || (selectionStart === value.length && selectionEnd === value.length),
    };
    const wanted = next(event, spot, size, caret, document.documentElement.dir === "rtl");
    if (event.key === "Enter") event.preventDefault();
    if (!wanted) return;
    event.preventDefault();
    focus(wanted, wanted.row < spot.row ? -1 : 1);
  };
  const acts = useSteady({
    type: marks.type,
    settle: marks.settle,
    onKey,
    onBlock: (text: string, spot: Spot) =>
      setPasted(paste(text, spot, { rows, components: grid.components, isOpen })),
  });
  const put = () => {
    const people = new Map(grid.rows.map((row) => [row.candidate, row]));
    marks.typeAll(
      (pasted?.puts ?? []).map(({ candidate, component, text }) => {
        const row = people.get(candidate);
        return { place: { candidate, component }, text, standing: row && cellOf(row, component) };
      }),
    );
    setPasted(null);
  };
  return (
    <>
      <div className={classes.bar}>
        <Group gap="xs">
          <TextInput
            type="search"
            aria-label={t("exams.grid.search")}
            placeholder={t("exams.grid.search")}
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Button
            variant={missing ? "filled" : "default"}
            aria-pressed={missing !== null}
            onClick={() => setMissing(missing ? null : new Set(incomplete.map(({ candidate }) => candidate)))}
          >
            {t("exams.grid.missing", { count: incomplete.length })}
          </Button>
        </Group>
        <SavingState marks={marks} />
      </div>
      {rows.length === 0 ? (
        <EmptyState
          title={missing && !words ? t("exams.grid.noneMissing") : t("ui.table.noMatch")}
          detail={missing && !words ? t("exams.grid.noneMissingDetail") : t("ui.table.noMatchDetail")}
          action={
            <Button
              variant="default"
              onClick={() => {
                setMissing(null);
                setSearch("");
              }}
            >
              {t("exams.grid.showAll")}
            </Button>
          }
        />
      ) : (
        <div className={classes.scroll}>
          <table ref={table} className={classes.grid}>
            <caption className="visually-hidden">{t("exams.grid.caption", { title: grid.title })}</caption>
            <Head grid={grid} />
            <tbody>
              {rows.map((row, index) => (
                <CandidateRow
                  key={row.candidate}
                  row={row}
                  index={index}
                  components={grid.components}
                  edits={Object.values(marks.edits).filter(({ candidate }) => candidate === row.candidate)}
                  state={stateOf(marks.edits, row.candidate)}
                  isOpen={isOpen(row)}
                  acts={acts}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isGridOpen && <p className={classes.keys}>{t("exams.grid.keys")}</p>}
      {pasted && <PasteDialog grid={grid} pasted={pasted} onPut={put} onClose={() => setPasted(null)} />}
      <LeaveGuard isHolding={() => !isSettled(marks.edits)} />
    </>
  );
}

/** Acts that stay the same for rows that are not drawn anew, and do what they mean now. */
function useSteady(acts: CellActs): CellActs {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  const [steady] = useState<CellActs>(() => ({
    type: (...given) => latest.current.type(...given),
    settle: (...given) => latest.current.settle(...given),
    onKey: (...given) => latest.current.onKey(...given),
    onBlock: (...given) => latest.current.onBlock(...given),
  }));
  return steady;
}

function Head({ grid }: { grid: Grid }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <thead>
      <tr>
        <th scope="col" className={classes.person}>
          {t("exams.fields.candidate")}
        </th>
        {grid.components.map((component) => (
          <th key={component.id} scope="col">
            <bdi>{component.name}</bdi>
            <small>
              {t("exams.grid.of", { max: number(Number(component.max_marks)) })}
              {component.pass_marks !== null &&
                ` · ${t("exams.grid.pass", { marks: number(Number(component.pass_marks)) })}`}
              {component.pass_marks === null &&
                component.pass_percent !== null &&
                ` · ${t("exams.grid.passPercent", { percent: number(Number(component.pass_percent)) })}`}
            </small>
          </th>
        ))}
        <th scope="col">{t("exams.fields.total")}</th>
        <th scope="col">{t("exams.fields.outcome")}</th>
        <th scope="col">{t("exams.fields.state")}</th>
      </tr>
    </thead>
  );
}

function SavingState({ marks }: { marks: Marks }) {
  const { t } = useTranslation();
  const count = Object.values(marks.edits).length;
  if (marks.trouble) {
    return (
      <Notice tone="wait" role="status">
        <Group gap="xs" wrap="nowrap">
          <IconCloudOff size={18} aria-hidden="true" style={{ flex: "none" }} />
          <span>{t("exams.grid.offline", { count })}</span>
          <Button size="compact-sm" variant="default" onClick={marks.retry}>
            {t("ui.retry")}
          </Button>
        </Group>
      </Notice>
    );
  }
  const wrong = Object.values(marks.edits).filter(({ phase }) => phase === "refused" || phase === "clashed");
  return (
    <span role="status" className={classes.state} data-state={wrong.length > 0 ? "refused" : undefined}>
      {wrong.length > 0
        ? t("exams.grid.unsolved", { count: wrong.length })
        : count > 0
          ? t("exams.grid.unsaved", { count })
          : t("exams.grid.allSaved")}
    </span>
  );
}
