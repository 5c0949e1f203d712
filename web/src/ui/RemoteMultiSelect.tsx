import { Loader, MultiSelect, type MultiSelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ListSearch, listQuery } from "../api/lists";
import type { ListPath, Row } from "../api/types";
import { Bidi } from "./Bidi";

type Named = { id: number; name: string };

type Props<P extends ListPath> = Omit<MultiSelectProps, "data" | "value" | "onChange" | "searchable"> & {
  path: P;
  /** Id and words of one row. */
  option: (row: Row<P>) => Named;
  value: number[];
  onChange: (value: number[]) => void;
  filters?: ListSearch;
  /** What the present values are called, so that an edit form shows them before any search. */
  known?: Named[];
};

const SUGGESTIONS = 20;

/** Chooses several records of any list of the API, searching on the server as one types. */
export function RemoteMultiSelect<P extends ListPath>(props: Props<P>) {
  const { path, option, value, onChange, filters, known = [], ...rest } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<Named[]>(known);
  const [search] = useDebouncedValue(typed, 250);
  const { data, isFetching, error } = useQuery(
    listQuery(path, { ...filters, search, page_size: SUGGESTIONS }),
  );
  const found = (data?.results ?? []).map(option);
  const names = new Map([...picked, ...found].map((each) => [String(each.id), each.name]));
  const listed = new Set([...value, ...found.map((each) => each.id)].map(String));
  return (
    <MultiSelect
      clearable
      hidePickedOptions
      renderOption={({ option: entry }) => <Bidi>{entry.label}</Bidi>}
      {...rest}
      searchable
      data={[...listed].map((id) => ({ value: id, label: names.get(id) ?? `#${id}` }))}
      // The server has searched already; a second filter here would hide matches in other scripts.
      filter={({ options: all }) => all}
      value={value.map(String)}
      onChange={(next) => {
        setPicked(next.map((id) => ({ id: Number(id), name: names.get(id) ?? "" })));
        onChange(next.map(Number));
      }}
      onSearchChange={setTyped}
      rightSection={isFetching ? <Loader size="xs" /> : undefined}
      nothingFoundMessage={error ? t("ui.select.failed") : t("ui.select.nothing")}
    />
  );
}
