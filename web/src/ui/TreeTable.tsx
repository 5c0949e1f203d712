import { Table } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./TreeTable.module.css";
import { type Branch, linesOf } from "./tree";

export type TreeColumn<T> = {
  id: string;
  header: string;
  cell: (row: Branch<T>) => ReactNode;
  align?: "start" | "end";
  /** Left out where there is little room. */
  isWide?: boolean;
};

type Props<T> = {
  caption: string;
  roots: Branch<T>[];
  /** The first one carries the indentation. */
  columns: TreeColumn<T>[];
  onOpen?: (row: Branch<T>) => void;
  isFaded?: (row: Branch<T>) => boolean;
};

/** Nested rows as a table whose branches open and close; Left and Right do it from the keyboard. */
export function TreeTable<T extends { id: number }>(props: Props<T>) {
  const { caption, roots, columns, onOpen, isFaded } = props;
  const { t } = useTranslation();
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number, isClosed = !closed.has(id)) => {
    const next = new Set(closed);
    if (isClosed) next.add(id);
    else next.delete(id);
    setClosed(next);
  };
  const onKeyDown = (event: KeyboardEvent, id: number, isLeaf: boolean) => {
    const isRtl = document.documentElement.dir === "rtl";
    const opens = isRtl ? "ArrowLeft" : "ArrowRight";
    const closes = isRtl ? "ArrowRight" : "ArrowLeft";
    if (isLeaf || (event.key !== opens && event.key !== closes)) return;
    event.preventDefault();
    toggle(id, event.key === closes);
  };
  return (
    <div className={classes.scroll}>
      <Table className={classes.table}>
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.id}
                scope="col"
                data-align={column.align}
                data-wide={column.isWide || undefined}
              >
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {linesOf<T>(roots, closed).map(({ row, depth, isLeaf }) => (
            <Table.Tr key={row.id} data-faded={isFaded?.(row) || undefined}>
              {columns.map((column, index) => (
                <Table.Td
                  key={column.id}
                  data-align={column.align}
                  data-wide={column.isWide || undefined}
                  onKeyDown={index === 0 ? (event) => onKeyDown(event, row.id, isLeaf) : undefined}
                >
                  {index > 0 ? (
                    column.cell(row)
                  ) : (
                    <span className={classes.first} style={{ paddingInlineStart: `${depth * 1.375}rem` }}>
                      {isLeaf ? (
                        <span className={classes.gap} />
                      ) : (
                        <button
                          type="button"
                          className={classes.toggle}
                          aria-expanded={!closed.has(row.id)}
                          aria-label={t("ui.tree.toggle")}
                          onClick={() => toggle(row.id)}
                        >
                          <IconChevronRight size={16} aria-hidden="true" />
                        </button>
                      )}
                      {onOpen ? (
                        <button type="button" className={classes.name} onClick={() => onOpen(row)}>
                          {column.cell(row)}
                        </button>
                      ) : (
                        <span>{column.cell(row)}</span>
                      )}
                    </span>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
