// Choosing one record of another list, each kind named the same way on every form.
import type { SelectProps } from "@mantine/core";
import type { ListSearch } from "../api/lists";
import { RemoteSelect } from "./RemoteSelect";

type Props = Omit<SelectProps, "data" | "value" | "onChange" | "searchable"> & {
  value?: number | null;
  onChange?: (value: number | null) => void;
  filters?: ListSearch;
  chosenLabel?: string | null | undefined;
};

const coded = (row: { id: number; code: string; name: string }) => ({
  value: row.id,
  label: `${row.code} · ${row.name}`,
});
const named = (row: { id: number; name: string }) => ({ value: row.id, label: row.name });
const plain = ({ value = null, onChange, chosenLabel, ...rest }: Props) => ({
  ...rest,
  value,
  chosenLabel: chosenLabel ?? null,
  onChange: (next: number | null) => onChange?.(next),
});

export function ProgramSelect(props: Props) {
  return <RemoteSelect path="/api/v1/academics/programs/" option={named} {...plain(props)} />;
}

export function BatchSelect(props: Props) {
  return (
    <RemoteSelect
      path="/api/v1/academics/batches/"
      option={(row) => ({ value: row.id, label: `${row.name} · ${row.program_name}` })}
      {...plain(props)}
    />
  );
}

export function GroupSelect(props: Props) {
  return <RemoteSelect path="/api/v1/academics/groups/" option={named} {...plain(props)} />;
}

export function CourseSelect(props: Props) {
  return <RemoteSelect path="/api/v1/academics/courses/" option={coded} {...plain(props)} />;
}

/** Dated periods only: a section or a week never stands in a template. */
export function PeriodSelect({ filters, ...props }: Props) {
  return (
    <RemoteSelect
      path="/api/v1/academics/academic-periods/"
      option={(row) => ({
        value: row.id,
        label: [row.name, row.batch_name ?? row.program_name].join(" · "),
      })}
      {...plain({ ...props, filters: { is_template: false, ...filters } })}
    />
  );
}

export function TrackSelect(props: Props) {
  return <RemoteSelect path="/api/v1/academics/tracks/" option={named} {...plain(props)} />;
}

export function DepartmentSelect(props: Props) {
  return <RemoteSelect path="/api/v1/directory/departments/" option={coded} {...plain(props)} />;
}

export function PlaceSelect(props: Props) {
  return <RemoteSelect path="/api/v1/directory/places/" option={coded} {...plain(props)} />;
}

export function PersonSelect({ filters, ...props }: Props) {
  return (
    <RemoteSelect
      path="/api/v1/directory/persons/"
      option={named}
      {...plain({ ...props, filters: { is_active: true, ...filters } })}
    />
  );
}
