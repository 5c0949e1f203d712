import { MultiSelect, NumberInput, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { DepartmentSelect } from "../../../ui/references";
import { useOptions } from "../../../ui/useOptions";
import { useSaved } from "../../../ui/useSaved";
import { COURSES, type Course, PROGRAMS } from "../queries";

const valuesOf = (course?: Course) => ({
  code: course?.code ?? "",
  name: course?.name ?? "",
  department: course?.department ?? (null as number | null),
  credits: (course?.credits ?? "3") as number | string,
  programs: course?.programs.map(({ id }) => id) ?? [],
  is_active: course?.is_active ?? true,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { course?: Course; onDone: (course: Course) => unknown };

export function CourseForm({ course, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(COURSES);
  const programs = useOptions(PROGRAMS, (row) => row.name);
  const needed = isNotEmpty(t("academics.needed"));
  const form = useForm<Values>({
    initialValues: valuesOf(course),
    validate: { code: needed, name: needed, department: needed },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        course
          ? writeJson<Course>("PATCH", `${COURSES}${course.id}/`, changesOf(values, valuesOf(course)), {
              ifMatch: course.version,
            })
          : writeJson<Course>("POST", COURSES, values, { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <FieldGrid>
        <TextInput label={t("academics.fields.code")} required dir="ltr" {...form.getInputProps("code")} />
        <TextInput label={t("academics.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <DepartmentSelect
          label={t("academics.fields.department")}
          required
          chosenLabel={course?.department_name}
          {...form.getInputProps("department")}
        />
        <NumberInput
          label={t("academics.course.credits")}
          min={0}
          max={60}
          step={0.5}
          decimalScale={1}
          {...form.getInputProps("credits")}
        />
      </FieldGrid>
      <MultiSelect
        label={t("academics.course.programs")}
        data={programs}
        searchable
        clearable
        {...form.getInputProps("programs")}
        value={form.values.programs.map(String)}
        onChange={(ids) => form.setFieldValue("programs", ids.map(Number))}
      />
      <Switch
        label={t("academics.course.active")}
        {...form.getInputProps("is_active", { type: "checkbox" })}
      />
    </FormShell>
  );
}
