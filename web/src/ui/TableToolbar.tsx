import { ActionIcon, Button, CloseButton, Group, Menu, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconColumns3, IconDownload, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl, type ListSearch } from "../api/lists";
import { Bidi } from "./Bidi";
import classes from "./DataTable.module.css";

export type TableFilter = { name: string; label: string; options: { value: string; label: string }[] };

type Props = {
  caption: string;
  search: ListSearch;
  filters: TableFilter[];
  isSearchable: boolean;
  exportUrl: string | null;
  exportSearch: ListSearch;
  onChange: (patch: ListSearch) => void;
  columnsMenu: ReactNode;
  actions?: ReactNode;
};

export function TableToolbar(props: Props) {
  const { t } = useTranslation();
  const { search, filters, onChange } = props;
  return (
    <div className={classes.toolbar}>
      <Group gap="xs" className={classes.filters}>
        {props.isSearchable && (
          <SearchField
            label={`${t("ui.table.search")}: ${props.caption}`}
            value={search.search ?? ""}
            onChange={(value) => onChange({ search: value || undefined })}
          />
        )}
        {filters.map((filter) => (
          <Select
            key={filter.name}
            aria-label={filter.label}
            dir="auto"
            renderOption={({ option }) => <Bidi>{option.label}</Bidi>}
            placeholder={t("ui.table.filterAny", { name: filter.label })}
            data={filter.options}
            value={search[filter.name] === undefined ? null : String(search[filter.name])}
            onChange={(value) => onChange({ [filter.name]: value ?? undefined })}
            clearable
            w={170}
          />
        ))}
      </Group>
      <Group gap="xs">
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="default" aria-label={t("ui.table.columns")} title={t("ui.table.columns")}>
              <IconColumns3 size={18} />
            </ActionIcon>
          </Menu.Target>
          {props.columnsMenu}
        </Menu>
        {props.exportUrl && <ExportMenu url={props.exportUrl} search={props.exportSearch} />}
        {props.actions}
      </Group>
    </div>
  );
}

function ExportMenu({ url, search }: { url: string; search: ListSearch }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {t("ui.table.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={exportUrl(url, "csv", search)} download>
          {t("ui.table.exportCsv")}
        </Menu.Item>
        <Menu.Item component="a" href={exportUrl(url, "xlsx", search)} download>
          {t("ui.table.exportXlsx")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

type SearchProps = { label: string; value: string; onChange: (value: string) => void };

function SearchField({ label, value, onChange }: SearchProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback(onChange, 300);
  // The address is the truth: Back, a link or "clear filters" change it from outside.
  useEffect(() => setTyped(value), [value]);
  const type = (next: string) => {
    setTyped(next);
    tell(next);
  };
  return (
    <TextInput
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={t("ui.table.search")}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={
        typed ? (
          <CloseButton size="sm" aria-label={t("ui.table.clearSearch")} onClick={() => type("")} />
        ) : null
      }
      w={260}
    />
  );
}
