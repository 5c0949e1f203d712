import { NumberInput, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { GENDERS, type Student, staleAfter, studentUrl } from "../queries";
import { numberOrNull } from "./CreateStudentForm";

const loadedFrom = (student: Student) => ({
  name: student.name,
  father_name: student.father_name ?? "",
  gender: student.gender ?? "undisclosed",
  date_of_birth: student.date_of_birth ?? null,
  email: student.email ?? "",
  phone: student.phone ?? "",
  current_year: student.current_year as number | string,
  enrollment_year: (student.enrollment_year ?? "") as number | string,
  expected_graduation_year: (student.expected_graduation_year ?? "") as number | string,
});
type Values = ReturnType<typeof loadedFrom>;

/** Numbers as the API takes them; a year left blank is unsaid. */
function bodyOf(changes: Partial<Values>) {
  const { current_year, enrollment_year, expected_graduation_year, ...rest } = changes;
  return {
    ...rest,
    ...(current_year === undefined ? {} : { current_year: numberOrNull(current_year) ?? 1 }),
    ...(enrollment_year === undefined ? {} : { enrollment_year: numberOrNull(enrollment_year) }),
    ...(expected_graduation_year === undefined
      ? {}
      : { expected_graduation_year: numberOrNull(expected_graduation_year) }),
  };
}

export function EditStudentForm({ student, onDone }: { student: Student; onDone: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const queryClient = useQueryClient();
  const form = useForm<Values>({ initialValues: loadedFrom(student) });
  const refresh = () =>
    Promise.all(staleAfter(student.id).map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  return (
    <FormShell
      form={form}
      onReload={async () => {
        await queryClient.invalidateQueries({ queryKey: [studentUrl(student.id)] });
        onDone();
      }}
      onSubmit={(values) =>
        writeJson<Student>("PATCH", studentUrl(student.id), bodyOf(changesOf(values, loadedFrom(student))), {
          ifMatch: student.version,
        })
      }
      onDone={async () => {
        await refresh();
        onDone();
      }}
    >
      <FieldGrid>
        <TextInput label={t("students.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <TextInput
          label={t("students.fields.fatherName")}
          dir="auto"
          {...form.getInputProps("father_name")}
        />
        <Select
          label={t("students.fields.gender")}
          allowDeselect={false}
          data={GENDERS.map((value) => ({ value, label: label("students.gender", value) }))}
          {...form.getInputProps("gender")}
        />
        <DateField label={t("students.fields.birth")} {...form.getInputProps("date_of_birth")} />
        <TextInput
          label={t("students.fields.email")}
          type="email"
          dir="ltr"
          {...form.getInputProps("email")}
        />
        <TextInput label={t("students.fields.phone")} type="tel" dir="ltr" {...form.getInputProps("phone")} />
        <NumberInput
          label={t("students.fields.year")}
          min={1}
          max={20}
          allowDecimal={false}
          {...form.getInputProps("current_year")}
        />
        <NumberInput
          label={t("students.fields.enrolled")}
          min={1900}
          max={2100}
          allowDecimal={false}
          {...form.getInputProps("enrollment_year")}
        />
        <NumberInput
          label={t("students.fields.graduates")}
          min={1900}
          max={2100}
          allowDecimal={false}
          {...form.getInputProps("expected_graduation_year")}
        />
      </FieldGrid>
    </FormShell>
  );
}
