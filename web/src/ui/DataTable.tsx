import { Button, Menu, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, type NavigateOptions, useNavigate } from "@tanstack/react-router";
import { columnVisibilityFeature, tableFeatures, useTable } from "@tanstack/react-table";
import {
  Fragment,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { fill, type ListSearch, listQuery } from "../api/lists";
import type { ListPath, Row } from "../api/types";
import { Bidi } from "./Bidi";
import classes from "./DataTable.module.css";
import { EmptyState } from "./EmptyState";
import { ErrorPanel } from "./ErrorPanel";
import { RowsSkeleton } from "./Skeletons";
import { TablePager } from "./TablePager";
import { type TableFilter, TableToolbar } from "./TableToolbar";

export type Column<R> = {
  id: string;
  header: string;
  cell: (row: R) => ReactNode;
  /** The `ordering` name of the API; without it the column does not sort. */
  sort?: string;
  align?: "start" | "end";
  /** Hidden until chosen in the columns menu. */
  isExtra?: boolean;
};

type Props<P extends ListPath> = {
  path: P;
  params?: Record<string, string | number>;
  /** What the table lists; read to screen readers and used by the search field. */
  caption: string;
  columns: Column<Row<P>>[];
  rowId: (row: Row<P>) => string | number;
  /** The heading under which a row stands, while the list is ordered by it; a row of its own where it changes. */
  group?: ((row: Row<P>) => string) | undefined;
  /** The row's page, as `linkOptions({ to, params })`; makes rows open on click and Enter. */
  rowLink?: (row: Row<P>) => LinkProps;
  /** The list's state in the address: `Route.useSearch()`. */
  search: ListSearch;
  filters?: TableFilter[];
  /** What the list shows before the reader chooses, such as `{ status: "open" }`. */
  defaults?: ListSearch;
  /** Filters that always hold and are not the reader's to change. */
  fixed?: ListSearch;
  empty: { title: string; detail?: string; action: ReactNode };
  actions?: ReactNode;
  isSearchable?: boolean;
  isExportable?: boolean;
  isExportProven?: boolean;
};

const features = tableFeatures({ columnVisibilityFeature });
const DEFAULT_PAGE_SIZE = 25;

/** Every list: state in the address, work on the server, and an answer for loading, nothing, and failure. */
export function DataTable<P extends ListPath>(props: Props<P>) {
  const {
    path,
    params = {},
    caption,
    columns,
    rowId,
    rowLink,
    group,
    search,
    filters = [],
    fixed = {},
    empty,
  } = props;
  const { defaults } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const shown = { ...defaults, ...search };
  const asked = { ...shown, ...fixed };
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(listQuery(path, asked, params));
  const [hidden, setHidden] = useState(() =>
    Object.fromEntries(columns.filter((column) => column.isExtra).map((column) => [column.id, false])),
  );
  const change = (patch: ListSearch) =>
    void navigate({
      to: ".",
      search: (before: Record<string, unknown>) => ({ ...before, page: undefined, ...patch }),
      replace: "search" in patch,
      resetScroll: false,
    } as never);

  const defs = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        cell: ({ row }: { row: { original: Row<P> } }) => column.cell(row.original),
      })),
    [columns],
  );
  const rows = useMemo(() => (data?.results ?? []) as (Row<P> & object)[], [data]);
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: (row) => String(rowId(row)),
    state: { columnVisibility: hidden },
    onColumnVisibilityChange: setHidden,
  });
  const open = (index: number) => {
    const row = rows[index];
    if (row && rowLink) void navigate(rowLink(row) as NavigateOptions);
  };
  const columnOf = (id: string) => columns.find((column) => column.id === id);
  const isNarrowed = Boolean(search.search) || filters.some(({ name }) => search[name] !== undefined);
  const clear = () =>
    change(
      Object.fromEntries(["search", ...filters.map(({ name }) => name)].map((name) => [name, undefined])),
    );

  return (
    <section className={classes.shell} aria-label={caption}>
      <TableToolbar
        caption={caption}
        search={shown}
        filters={filters}
        isSearchable={props.isSearchable ?? true}
        exportUrl={props.isExportable === false ? null : fill(path, params)}
        exportSearch={asked}
        isExportProven={props.isExportProven}
        onChange={change}
        columnsMenu={
          <Menu.Dropdown>
            {table.getAllLeafColumns().map((column) => (
              <Menu.CheckboxItem
                key={column.id}
                checked={column.getIsVisible()}
                onChange={(isVisible) => column.toggleVisibility(isVisible)}
              >
                {columnOf(column.id)?.header}
              </Menu.CheckboxItem>
            ))}
          </Menu.Dropdown>
        }
        actions={props.actions}
      />
      {error && !data ? (
        <div className={classes.notice}>
          <ErrorPanel error={error} onRetry={() => void refetch()} />
        </div>
      ) : isPending ? (
        <RowsSkeleton rows={8} />
      ) : rows.length === 0 && isNarrowed ? (
        <EmptyState
          title={t("ui.table.noMatch")}
          detail={t("ui.table.noMatchDetail")}
          action={
            <Button variant="default" onClick={clear}>
              {t("ui.table.clearFilters")}
            </Button>
          }
        />
      ) : rows.length === 0 ? (
        <EmptyState {...empty} />
      ) : (
        <>
          {error && (
            <div className={classes.notice}>
              <ErrorPanel error={error} onRetry={() => void refetch()} />
            </div>
          )}
          <div className={classes.scroll} data-faded={isPlaceholderData || undefined}>
            <Table className={classes.table} highlightOnHover={Boolean(rowLink)}>
              <caption className="visually-hidden">
                {caption}. {rowLink && t("ui.table.keys")}
              </caption>
              <Table.Thead>
                {table.getHeaderGroups().map((group) => (
                  <Table.Tr key={group.id}>
                    {group.headers.map((header) => {
                      const column = columnOf(header.column.id);
                      return column ? (
                        <HeaderCell
                          key={header.id}
                          column={column}
                          ordering={shown.ordering}
                          onChange={change}
                        />
                      ) : null;
                    })}
                  </Table.Tr>
                ))}
              </Table.Thead>
              <RowsBody onOpen={rowLink && open}>
                {(tabIndexOf) =>
                  table.getRowModel().rows.map((row, index) => (
                    <Fragment key={row.id}>
                      {group && heading(rows, index, group) !== null && (
                        <Table.Tr className={classes.group}>
                          <Table.Th scope="rowgroup" colSpan={row.getVisibleCells().length}>
                            <Bidi>{heading(rows, index, group)}</Bidi>
                          </Table.Th>
                        </Table.Tr>
                      )}
                      <Table.Tr
                        tabIndex={tabIndexOf(index)}
                        data-row={index}
                        className={rowLink ? classes.linked : undefined}
                      >
                        {row.getVisibleCells().map((cell, position) => {
                          const column = columnOf(cell.column.id);
                          return (
                            <Table.Td key={cell.id} data-label={column?.header} data-align={column?.align}>
                              <span className={classes.value}>
                                {rowLink && position === 0 ? (
                                  <Link {...rowLink(row.original)} tabIndex={-1} className={classes.link}>
                                    <table.FlexRender cell={cell} />
                                  </Link>
                                ) : (
                                  <table.FlexRender cell={cell} />
                                )}
                              </span>
                            </Table.Td>
                          );
                        })}
                      </Table.Tr>
                    </Fragment>
                  ))
                }
              </RowsBody>
            </Table>
          </div>
          <TablePager
            count={data?.count ?? 0}
            page={shown.page ?? 1}
            pageSize={shown.page_size ?? DEFAULT_PAGE_SIZE}
            onChange={change}
          />
        </>
      )}
    </section>
  );
}

/** The heading above a row; null under that of the row before. */
function heading<R>(rows: R[], index: number, group: (row: R) => string): string | null {
  const [row, before] = [rows[index], rows[index - 1]];
  if (row === undefined) return null;
  const own = group(row);
  return before !== undefined && group(before) === own ? null : own;
}

type HeaderProps<R> = {
  column: Column<R>;
  ordering: string | undefined;
  onChange: (patch: ListSearch) => void;
};

function HeaderCell<R>({ column, ordering, onChange }: HeaderProps<R>) {
  const { t } = useTranslation();
  const { sort } = column;
  if (!sort) {
    return (
      <Table.Th scope="col" data-align={column.align}>
        {column.header}
      </Table.Th>
    );
  }
  const direction = ordering === sort ? "ascending" : ordering === `-${sort}` ? "descending" : "none";
  const next = direction === "none" ? sort : direction === "ascending" ? `-${sort}` : undefined;
  return (
    <Table.Th scope="col" data-align={column.align} aria-sort={direction}>
      <button
        type="button"
        className={classes.sort}
        title={t("ui.table.sort", { name: column.header })}
        onClick={() => onChange({ ordering: next })}
      >
        {column.header}
        <span aria-hidden="true" className={classes.arrow}>
          {direction === "ascending" ? "↑" : direction === "descending" ? "↓" : "↕"}
        </span>
      </button>
    </Table.Th>
  );
}

type BodyProps = {
  onOpen: ((index: number) => void) | undefined;
  children: (tabIndexOf: (index: number) => number | undefined) => ReactNode;
};

const CONTROLS = "a, button, input, label, select, textarea";

/** One tab stop for all rows; arrows, Home and End move it, Enter opens the row. */
function RowsBody({ onOpen, children }: BodyProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState(0);

  const rowOf = (target: EventTarget) =>
    target instanceof Element ? target.closest<HTMLTableRowElement>("tr[data-row]") : null;
  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const row = rowOf(event.target);
    if (!row || event.target !== row) return;
    const last = (body.current?.rows.length ?? 1) - 1;
    const here = Number(row.dataset.row);
    const steps: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: last };
    const wanted = steps[event.key];
    if (event.key === "Enter") onOpen?.(here);
    if (wanted === undefined) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, wanted));
    setCurrent(index);
    body.current?.rows[index]?.focus();
  };
  const onClick = (event: MouseEvent<HTMLTableSectionElement>) => {
    const isControl = event.target instanceof Element && event.target.closest(CONTROLS);
    const isSelecting = Boolean(window.getSelection()?.toString());
    const row = rowOf(event.target);
    if (row && !isControl && !isSelecting) onOpen?.(Number(row.dataset.row));
  };
  return (
    <Table.Tbody ref={body} onKeyDown={onOpen ? onKeyDown : undefined} onClick={onOpen ? onClick : undefined}>
      {children((index) => (onOpen ? (index === current ? 0 : -1) : undefined))}
    </Table.Tbody>
  );
}
