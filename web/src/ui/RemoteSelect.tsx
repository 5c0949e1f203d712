import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ListSearch, listQuery } from "../api/lists";
import type { ListPath, Row } from "../api/types";
import { Bidi } from "./Bidi";

type Props<P extends ListPath> = Omit<SelectProps, "data" | "value" | "onChange" | "searchable"> & {
  path: P;
  /** Id and words of one row. */
  option: (row: Row<P>) => { value: number; label: string };
  value: number | null;
  onChange: (value: number | null, row: Row<P> | null) => void;
  /** Further filters of the list, such as `{ is_active: true }`. */
  filters?: ListSearch;
  /** What the present value is called, so that an edit form shows it before any search. */
  chosenLabel?: string | null;
};

const SUGGESTIONS = 20;

/** Chooses one record of any list of the API, searching on the server as one types. */
export function RemoteSelect<P extends ListPath>(props: Props<P>) {
  const { path, option, value, onChange, filters, chosenLabel, ...rest } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = picked ?? chosenLabel ?? null;
  const [search] = useDebouncedValue(typed === chosen ? "" : typed, 250);
  const { data, isFetching, error } = useQuery(
    listQuery(path, { ...filters, search, page_size: SUGGESTIONS }),
  );
  const rows = data?.results ?? [];
  const options = rows.map((row) => ({ row, ...option(row) }));
  const isListed = options.some((entry) => entry.value === value);
  const kept = value !== null && !isListed && chosen ? [{ value: String(value), label: chosen }] : [];
  return (
    <Select
      clearable
      // Choosing what is chosen keeps it; the cross takes it out.
      allowDeselect={false}
      dir="auto"
      // What one types replaces the name that stands there, and is not added to it.
      onClick={(event) => event.currentTarget.select()}
      renderOption={({ option: entry }) => <Bidi>{entry.label}</Bidi>}
      {...rest}
      searchable
      data={[...options.map((entry) => ({ value: String(entry.value), label: entry.label })), ...kept]}
      // The server has searched already; a second filter here would hide matches in other scripts.
      filter={({ options: all }) => all}
      value={value === null ? null : String(value)}
      onChange={(next) => {
        const entry = options.find((candidate) => String(candidate.value) === next);
        setPicked(entry?.label ?? null);
        onChange(next === null ? null : Number(next), entry?.row ?? null);
      }}
      onSearchChange={setTyped}
      rightSection={isFetching ? <Loader size="xs" /> : undefined}
      nothingFoundMessage={error ? t("ui.select.failed") : t("ui.select.nothing")}
    />
  );
}
