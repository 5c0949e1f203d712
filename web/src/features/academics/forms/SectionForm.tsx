import { NumberInput, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { RemoteMultiSelect } from "../../../ui/RemoteMultiSelect";
import { CourseSelect, GroupSelect, PeriodSelect, PersonSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { SECTIONS, type Section } from "../queries";

const valuesOf = (section?: Section) => ({
  course: section?.course ?? (null as number | null),
  academic_period: section?.academic_period ?? (null as number | null),
  name: section?.name ?? "",
  faculty: section?.faculty ?? null,
  teachers: section?.teachers.map(({ id }) => id) ?? [],
  group: section?.group ?? null,
  capacity: (section?.capacity ?? 50) as number | string,
  self_enrollment: section?.self_enrollment ?? false,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { section?: Section; onDone: (section: Section) => unknown };

/** A section keeps its course and period for life. */
export function SectionForm({ section, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(SECTIONS);
  const needed = isNotEmpty(t("academics.needed"));
  const form = useForm<Values>({
    initialValues: valuesOf(section),
    validate: { course: needed, academic_period: needed, name: needed },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        section
          ? writeJson<Section>("PATCH", `${SECTIONS}${section.id}/`, changesOf(values, valuesOf(section)), {
              ifMatch: section.version,
            })
          : writeJson<Section>("POST", SECTIONS, values, { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <FieldGrid>
        <CourseSelect
          label={t("academics.fields.course")}
          required
          disabled={section !== undefined}
          filters={{ is_active: true }}
          chosenLabel={section && `${section.course_code} · ${section.course_name}`}
          {...form.getInputProps("course")}
        />
        <PeriodSelect
          label={t("academics.fields.period")}
          required
          disabled={section !== undefined}
          description={section ? undefined : t("academics.section.notClosed")}
          chosenLabel={section?.academic_period_name}
          {...form.getInputProps("academic_period")}
        />
        <TextInput label={t("academics.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <PersonSelect
          label={t("academics.fields.teacher")}
          filters={{ role: "faculty" }}
          chosenLabel={section?.faculty_name}
          {...form.getInputProps("faculty")}
        />
        <RemoteMultiSelect
          path="/api/v1/directory/persons/"
          option={({ id, name }) => ({ id, name })}
          label={t("academics.section.further")}
          filters={{ role: "faculty", is_active: true }}
          known={section?.teachers ?? []}
          maxValues={50}
          {...form.getInputProps("teachers")}
          value={form.values.teachers}
        />
        <GroupSelect
          label={t("academics.section.group")}
          chosenLabel={section?.group_name}
          {...form.getInputProps("group")}
        />
        <NumberInput
          label={t("academics.fields.capacity")}
          min={1}
          max={5000}
          allowDecimal={false}
          {...form.getInputProps("capacity")}
        />
      </FieldGrid>
      <Switch
        label={t("academics.section.self")}
        {...form.getInputProps("self_enrollment", { type: "checkbox" })}
      />
    </FormShell>
  );
}
