import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Branch, linesOf } from "../../../ui/tree";

type Node = { id: number; name: string; kind: string };

type Props<T extends Node> = {
  tree: Branch<T>[];
  /** Where the node itself stands: nothing can hang below itself. */
  without: number[];
  /** Kinds that never hold anything. */
  leaves?: string[];
  value?: number | null;
  onChange?: (parent: number | null) => void;
  error?: ReactNode;
};

/** The place in the tree; choosing another moves the whole branch. */
export function ParentSelect<T extends Node>(props: Props<T>) {
  const { tree, without, leaves = [], value = null, onChange, error } = props;
  const { t } = useTranslation();
  const options = linesOf<T>(tree, new Set())
    .filter(({ row }) => !without.includes(row.id) && !leaves.includes(row.kind))
    .map(({ row, depth }) => ({ value: String(row.id), label: `${" ".repeat(depth)}${row.name}` }));
  return (
    <Select
      label={t("directory.fields.parent")}
      placeholder={t("directory.fields.top")}
      searchable
      clearable
      data={options}
      value={value === null ? null : String(value)}
      onChange={(next) => onChange?.(next === null ? null : Number(next))}
      error={error}
    />
  );
}
