// Filters of a list that are no short list themselves: a day, or one record of another list.
import { Text } from "@mantine/core";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../api/lists";
import { DateField } from "./DateField";
import type { FilterField } from "./TableToolbar";
import { useNameOf } from "./useNameOf";

export function DayFilter({ label, value, onChange }: FilterField) {
  return (
    <DateField
      aria-label={label}
      leftSection={
        <Text size="xs" c="dimmed" px={8}>
          {label}
        </Text>
      }
      leftSectionWidth={52}
      value={value ?? null}
      onChange={(day) => onChange(day ?? undefined)}
      w={190}
    />
  );
}

type SelectProps = {
  "aria-label": string;
  placeholder: string;
  value: number | null;
  chosenLabel: string | null;
  onChange: (id: number | null) => void;
  filters?: ListSearch;
  w: number;
};

type ReferenceProps = {
  field: FilterField;
  /** The list that the record stands in, to name what the address only numbers. */
  path: string;
  /** One of `references`. */
  of: ComponentType<SelectProps>;
  filters?: ListSearch;
};

export function ReferenceFilter({ field, path, of: Select, filters }: ReferenceProps) {
  const { t } = useTranslation();
  const id = field.value === undefined ? null : Number(field.value);
  const [first] = useState(id);
  const name = useNameOf(path, first);
  return (
    <Select
      // Drawn anew once: when what the address names has its name.
      key={name}
      aria-label={field.label}
      placeholder={t("ui.table.filterAny", { name: field.label })}
      value={id}
      chosenLabel={id === first ? name : null}
      onChange={(next) => field.onChange(next === null ? undefined : String(next))}
      {...(filters ? { filters } : {})}
      w={190}
    />
  );
}
