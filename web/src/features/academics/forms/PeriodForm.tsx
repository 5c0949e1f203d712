import { NumberInput, Select, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { DepartmentSelect, TrackSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { PERIOD_KINDS, PERIODS, type Period } from "../queries";

/** Where a new period stands: at the top of a program's tree, or below another. */
export type Spot = { program: number; batch: number | null; parent: Period | null };

const CHILDREN: Record<string, readonly string[]> = {
  year: ["semester", "block", "rotation"],
  semester: ["block", "rotation"],
  block: ["module", "rotation"],
};
const ROOTS = ["year", "semester"];

const valuesOf = (period?: Period, kind = "year") => ({
  kind: period?.kind ?? kind,
  name: period?.name ?? "",
  level_no: period?.level_no ?? null,
  start_date: period?.start_date ?? null,
  end_date: period?.end_date ?? null,
  offset_days: period?.offset_days ?? null,
  length_days: period?.length_days ?? null,
  track: period?.track ?? null,
  primary_department: period?.primary_department ?? null,
  sub_department: period?.sub_department ?? null,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { spot: Spot; period?: Period; onDone: (period: Period) => unknown };

export function PeriodForm({ spot, period, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(PERIODS);
  const kinds = spot.parent ? (CHILDREN[spot.parent.kind] ?? PERIOD_KINDS) : ROOTS;
  const loaded = valuesOf(period, kinds[0]);
  const form = useForm<Values>({
    initialValues: loaded,
    validate: { name: isNotEmpty(t("academics.needed")) },
  });
  const { kind } = form.values;
  const isBlock = kind === "block" || kind === "rotation";
  // A node of the template has days counted from its parent; a dated one has dates.
  const isTemplate = period ? period.is_template : spot.batch === null && spot.parent?.start_date == null;
  const number = (field: "level_no" | "offset_days" | "length_days") => ({
    ...form.getInputProps(field),
    allowDecimal: false,
    value: form.values[field] ?? "",
    onChange: (value: number | string) => form.setFieldValue(field, value === "" ? null : Number(value)),
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={({ kind: chosen, ...values }, { idempotencyKey }) => {
        const { kind: _kind, ...before } = loaded;
        return period
          ? writeJson<Period>("PATCH", `${PERIODS}${period.id}/`, changesOf(values, before), {
              ifMatch: period.version,
            })
          : writeJson<Period>(
              "POST",
              PERIODS,
              {
                ...values,
                kind: chosen,
                program: spot.program,
                batch: spot.batch,
                parent: spot.parent?.id ?? null,
              },
              { idempotencyKey },
            );
      }}
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      {spot.parent && (
        <Text size="sm" c="dimmed">
          {t("academics.period.below", { name: spot.parent.name })}
        </Text>
      )}
      <FieldGrid>
        <Select
          label={t("academics.fields.kind")}
          disabled={period !== undefined}
          allowDeselect={false}
          data={kinds.map((value) => ({ value, label: label("academics.periodKind", value) }))}
          {...form.getInputProps("kind")}
        />
        <TextInput label={t("academics.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        {!isTemplate && (
          <>
            <DateField label={t("academics.period.start")} {...form.getInputProps("start_date")} />
            <DateField label={t("academics.period.end")} {...form.getInputProps("end_date")} />
          </>
        )}
        {isTemplate && spot.parent && (
          <>
            <NumberInput
              label={t("academics.period.offset")}
              description={t("academics.period.offsetHint")}
              min={0}
              {...number("offset_days")}
            />
            <NumberInput label={t("academics.period.length")} min={1} {...number("length_days")} />
          </>
        )}
        {(kind === "year" || kind === "semester") && (
          <NumberInput label={t("academics.period.level")} min={1} max={20} {...number("level_no")} />
        )}
        {isBlock && (
          <TrackSelect
            label={t("academics.fields.track")}
            filters={{ program: spot.program }}
            chosenLabel={period?.track_name}
            {...form.getInputProps("track")}
          />
        )}
        {kind === "rotation" && (
          <>
            <DepartmentSelect
              label={t("academics.period.department")}
              required
              chosenLabel={period?.primary_department_name}
              {...form.getInputProps("primary_department")}
            />
            <DepartmentSelect
              label={t("academics.period.unit")}
              chosenLabel={period?.sub_department_name}
              {...form.getInputProps("sub_department")}
            />
          </>
        )}
      </FieldGrid>
    </FormShell>
  );
}
