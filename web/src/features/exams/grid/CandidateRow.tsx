import { Loader } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { useFormat } from "../../../ui/format";
import { OutcomeBadge } from "../parts/OutcomeBadge";
import type { GridComponent, GridRow } from "../queries";
import { cellOf, keyOf, textOf } from "./cells";
import classes from "./Grid.module.css";
import { type CellActs, MarkCell } from "./MarkCell";
import { closedRow } from "./openness";
import type { Edit, RowState } from "./saving";

type Props = {
  row: GridRow;
  index: number;
  components: GridComponent[];
  /** The edits of this row alone, so that typing draws no other. */
  edits: Edit[];
  state: RowState;
  isOpen: boolean;
  acts: CellActs;
};

/** A candidate with the cells, and what the server makes of them. */
export const CandidateRow = memo(
  ({ row, index, components, edits, state, isOpen, acts }: Props) => (
    <tr>
      <th scope="row" className={classes.person}>
        <Bidi>{row.full_name}</Bidi>
        <small>
          <Code>{row.reg_no}</Code>
          {row.seat_no && (
            <>
              {" · "}
              <Code>{row.seat_no}</Code>
            </>
          )}
        </small>
      </th>
      {components.map((component, column) => {
        const standing = cellOf(row, component.id);
        const key = keyOf({ candidate: row.candidate, component: component.id });
        return (
          <td key={component.id} className={classes.cell}>
            {isOpen ? (
              <MarkCell
                row={row}
                component={component}
                standing={standing}
                edit={edits.find((edit) => keyOf(edit) === key)}
                spot={{ row: index, column }}
                acts={acts}
              />
            ) : (
              <span className={classes.fixed} data-outcome={standing?.outcome}>
                {textOf(standing) || "–"}
              </span>
            )}
          </td>
        );
      })}
      <Numbers row={row} />
      <td className={classes.state} data-state={state}>
        <State row={row} state={state} isOpen={isOpen} />
      </td>
    </tr>
  ),
  (before, after) =>
    before.row === after.row &&
    before.index === after.index &&
    before.components === after.components &&
    before.state === after.state &&
    before.isOpen === after.isOpen &&
    before.edits.length === after.edits.length &&
    before.edits.every((edit, place) => edit === after.edits[place]),
);

function Numbers({ row: { result } }: { row: GridRow }) {
  const { number } = useFormat();
  if (!result) {
    return (
      <>
        <td className={classes.total}>–</td>
        <td>–</td>
      </>
    );
  }
  return (
    <>
      <td className={classes.total}>
        <bdi dir="ltr">
          {number(Number(result.total_obtained))} / {number(Number(result.total_max))}
        </bdi>
        {result.percentage !== null && (
          <small>
            <bdi dir="ltr">{number(Number(result.percentage))} %</bdi> {result.letter}
          </small>
        )}
      </td>
      <td>
        <OutcomeBadge outcome={result.final_outcome} />
      </td>
    </>
  );
}

function State({ row, state, isOpen }: { row: GridRow; state: RowState; isOpen: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const closed = closedRow(row);
  if (closed === "not_admitted") return label("exams.admissionCode", row.code || row.admission);
  if (closed === "withdrawn") return t("exams.grid.closed.withdrawn");
  if (closed === "decided") {
    return row.result
      ? t("exams.grid.decided", { status: label("exams.resultStatus", row.result.status) })
      : t("exams.grid.closed.decided");
  }
  if (!isOpen) return null;
  if (state === "saving") {
    return (
      <span className={classes.saved}>
        <Loader size={12} /> {t("exams.grid.state.saving")}
      </span>
    );
  }
  if (state === "saved") {
    return row.cells.length > 0 ? (
      <span className={classes.saved}>
        <IconCheck size={14} aria-hidden="true" /> {t("exams.grid.state.saved")}
      </span>
    ) : (
      t("exams.grid.state.empty")
    );
  }
  return label("exams.grid.state", state);
}
