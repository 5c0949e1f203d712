import { Table, Text } from "@mantine/core";
import type { Column } from "./DataTable";
import classes from "./SmallTable.module.css";

type Props<R> = {
  caption: string;
  columns: Column<R>[];
  rows: R[];
  rowId: (row: R) => string | number;
  /** What an empty one says, with the next step. */
  empty: string;
  /** Wider than a phone, where each row becomes a card as in a long list. */
  isWide?: boolean;
};

/** A short list inside a panel, all of it at once. */
export function SmallTable<R>({ caption, columns, rows, rowId, empty, isWide }: Props<R>) {
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {empty}
      </Text>
    );
  }
  return (
    <div className={classes.scroll}>
      <Table className={classes.table} data-wide={isWide || undefined}>
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.id} scope="col" data-align={column.align}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowId(row)}>
              {columns.map((column) => (
                <Table.Td key={column.id} data-label={column.header} data-align={column.align}>
                  {isWide ? <div className={classes.value}>{column.cell(row)}</div> : column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
