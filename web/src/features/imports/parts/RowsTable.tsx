import { IconInfoCircle } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ButtonLink } from "../../../ui/links";
import { homeOf, type Run, type RunRow, rowsParams, type Source } from "../queries";
import { useActionWords } from "./actionWords";
import classes from "./RowsTable.module.css";

const ROWS_A_PAGE = 50;
const OPTIONAL_SHOWN = 3;

type Props = { source: Source; run: Run; search: ListSearch };

/** Every row of the file with what it would do; what is wrong stands in the cell that is wrong. */
export function RowsTable({ source, run, search }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { shown, required } = source;
  const actionWords = useActionWords(source.kind);
  const hasFaults = Object.keys(run.fault_counts).length > 0;
  const columns = useMemo<Column<RunRow>[]>(
    () => [
      {
        id: "row",
        header: t("imports.columns.row"),
        cell: (row) => (
          <span className={classes.row} data-action={row.action}>
            <span>{row.row}</span>
            <span className={classes.action}>{actionWords(row.action)}</span>
          </span>
        ),
      },
      ...shown.map(({ id, of, name }, index) => ({
        id,
        header: name ?? label("imports.cell", id),
        // The seldom ones wait in the columns menu, unless something in the file is wrong.
        isExtra: index >= required.length + OPTIONAL_SHOWN && !hasFaults,
        cell: (row: RunRow) => <Cell row={row} names={of} />,
      })),
      {
        id: "notes",
        header: t("imports.columns.notes"),
        cell: (row) => <Notes row={row} />,
      },
    ],
    [t, label, actionWords, shown, required, hasFaults],
  );
  return (
    <DataTable
      path={source.rows}
      params={rowsParams(source, run.id)}
      caption={t("imports.rows")}
      columns={columns}
      rowId={(row) => row.row}
      search={search}
      defaults={{ page_size: ROWS_A_PAGE }}
      isSearchable={false}
      isExportable={false}
      filters={[
        {
          name: "action",
          label: t("imports.columns.action"),
          options: ["create", "update", "skip", "error"].map((value) => ({
            value,
            label: actionWords(value),
          })),
        },
        {
          name: "code",
          label: t("imports.columns.fault"),
          options: Object.keys(run.fault_counts).map((value) => ({
            value,
            label: label("imports.fault", value),
          })),
        },
      ]}
      empty={{
        title: t("imports.noRows"),
        action: (
          <ButtonLink {...homeOf(source, run.options)} variant="default">
            {t("imports.result.another")}
          </ButtonLink>
        ),
      }}
    />
  );
}

const CODES = new Set([
  "session_id",
  "start_time",
  "reg_no",
  "email",
  "phone",
  "date_of_birth",
  "national_id",
  "enrollment_year",
]);

function Cell({ row, names }: { row: RunRow; names: readonly string[] }) {
  const label = useLabel();
  const faults = row.faults.filter(({ column = "" }) => names.includes(column));
  const shown = names
    .filter((name) => row.cells[name])
    .map((name, place) => (
      <span key={name}>
        {place > 0 && " · "}
        {CODES.has(name) ? <Code>{row.cells[name]}</Code> : <Bidi>{row.cells[name]}</Bidi>}
      </span>
    ));
  if (faults.length === 0) return <span className={classes.cell}>{shown}</span>;
  return (
    <span className={classes.wrong}>
      {shown}
      {faults.map(({ code = "", detail = "" }) => (
        <span key={code} className={classes.fault}>
          {label("imports.fault", code)}
          <small>
            <Bidi>{detail}</Bidi>
          </small>
        </span>
      ))}
    </span>
  );
}

/** Faults of the row as a whole, then what is merely good to know. */
function Notes({ row }: { row: RunRow }) {
  return (
    <span className={classes.notes}>
      {row.faults
        .filter((fault) => !fault.column)
        .map(({ code, detail }) => (
          <span key={code} className={classes.fault}>
            <Bidi>{detail}</Bidi>
          </span>
        ))}
      {row.notes.map(({ code, detail }) => (
        <span key={code} className={classes.note}>
          <IconInfoCircle size={14} aria-hidden="true" />
          <Bidi>{detail}</Bidi>
        </span>
      ))}
    </span>
  );
}
