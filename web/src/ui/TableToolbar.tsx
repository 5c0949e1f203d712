import { ActionIcon, Button, CloseButton, Group, Menu, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconColumns3, IconDownload, IconSearch } from "@tabler/icons-react";
import { Fragment, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl, type ListSearch } from "../api/lists";
import { Bidi } from "./Bidi";
import classes from "./DataTable.module.css";
import { ProvenExport } from "./ProvenExport";

export type FilterField = {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};
type ListedFilter = {
  name: string;
  label: string;
  options: { value: string; label: string }[];
  /** Filters that mean something else after this one has changed. */
  clears?: string[];
};
/** A day, or one of a long list: it draws itself. */
type OwnFilter = { name: string; label: string; control: (field: FilterField) => ReactNode };
export type TableFilter = ListedFilter | OwnFilter;

type Props = {
  caption: string;
  search: ListSearch;
  filters: TableFilter[];
  isSearchable: boolean;
  exportUrl: string | null;
  exportSearch: ListSearch;
  /** The server asks for a fresh proof before it gives the file. */
  isExportProven?: boolean | undefined;
  onChange: (patch: ListSearch) => void;
  columnsMenu: ReactNode;
  actions?: ReactNode;
};

const FEW = 3;

export function TableToolbar(props: Props) {
  const { t } = useTranslation();
  const { search, filters, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  // On a phone a long row of filters would stand before the list itself.
  const Export = props.isExportProven ? ProvenExport : ExportMenu;
  const isFolded = filters.length > FEW && !isOpen;
  return (
    <div className={classes.toolbar}>
      <Group gap="xs" className={classes.filters} data-folded={isFolded || undefined}>
        {props.isSearchable && (
          <SearchField
            label={`${t("ui.table.search")}: ${props.caption}`}
            value={search.search ?? ""}
            onChange={(value) => onChange({ search: value || undefined })}
          />
        )}
        {filters.length > FEW && (
          <Button
            variant="default"
            hiddenFrom="sm"
            data-unfolds
            aria-expanded={isOpen}
            leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden="true" />}
            onClick={() => setOpen(!isOpen)}
          >
            {t("ui.table.filters")}
          </Button>
        )}
        {filters.map((filter) => {
          const { name, label } = filter;
          const value = search[name] === undefined ? undefined : String(search[name]);
          const cleared = "clears" in filter ? (filter.clears ?? []) : [];
          const change = (next: string | undefined) =>
            onChange({ ...Object.fromEntries(cleared.map((each) => [each, undefined])), [name]: next });
          return "control" in filter ? (
            <Fragment key={name}>{filter.control({ label, value, onChange: change })}</Fragment>
          ) : (
            <Select
              key={name}
              aria-label={label}
              dir="auto"
              renderOption={({ option }) => <Bidi>{option.label}</Bidi>}
              placeholder={t("ui.table.filterAny", { name: label })}
              data={filter.options}
              value={value ?? null}
              onChange={(next) => change(next ?? undefined)}
              clearable
              w={170}
            />
          );
        })}
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
        {props.exportUrl && <Export url={props.exportUrl} search={props.exportSearch} />}
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
