import { NumberInput, Select, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, guards, ok } from "../../../api/client";
import { useLabel } from "../../../i18n/label";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { BatchSelect, GroupSelect } from "../../../ui/references";
import { GENDERS, STUDENTS, type Student } from "../queries";

type Values = {
  reg_no: string;
  name: string;
  father_name: string;
  gender: string;
  date_of_birth: string | null;
  national_id: string;
  email: string;
  phone: string;
  batch: number | null;
  group: number | null;
  current_year: number | string;
  enrollment_year: number | string;
};

const BLANK: Values = {
  reg_no: "",
  name: "",
  father_name: "",
  gender: "undisclosed",
  date_of_birth: null,
  national_id: "",
  email: "",
  phone: "",
  batch: null,
  group: null,
  current_year: 1,
  enrollment_year: "",
};

/** Blank means unsaid. */
export const numberOrNull = (value: number | string): number | null => (value === "" ? null : Number(value));

export function CreateStudentForm({ onDone }: { onDone: (student: Student) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const queryClient = useQueryClient();
  const needed = isNotEmpty(t("students.needed"));
  const form = useForm<Values>({
    initialValues: BLANK,
    validate: { reg_no: needed, name: needed, batch: needed, group: needed },
  });
  const send = (values: Values, idempotencyKey: string) =>
    ok(
      client.POST(STUDENTS, {
        body: {
          ...values,
          batch: values.batch ?? 0,
          group: values.group ?? 0,
          email: values.email || null,
          phone: values.phone || null,
          national_id: values.national_id || null,
          current_year: numberOrNull(values.current_year) ?? 1,
          enrollment_year: numberOrNull(values.enrollment_year),
        },
        headers: guards({ idempotencyKey }),
      }),
    );
  return (
    <FormShell
      form={form}
      submitLabel={t("students.create")}
      onSubmit={(values, { idempotencyKey }) => send(values, idempotencyKey)}
      onDone={(student) => {
        void queryClient.invalidateQueries({ queryKey: [STUDENTS] });
        onDone(student);
      }}
    >
      <FieldGrid>
        <TextInput label={t("students.fields.regNo")} required dir="ltr" {...form.getInputProps("reg_no")} />
        <TextInput label={t("students.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <BatchSelect
          label={t("students.fields.batch")}
          required
          {...form.getInputProps("batch")}
          onChange={(batch) => form.setValues({ batch, group: null })}
        />
        <GroupSelect
          key={form.values.batch}
          label={t("students.fields.group")}
          required
          disabled={!form.values.batch}
          filters={{ batch: form.values.batch }}
          {...form.getInputProps("group")}
        />
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
        <TextInput label={t("students.fields.nationalId")} dir="ltr" {...form.getInputProps("national_id")} />
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
          thousandSeparator=""
          {...form.getInputProps("enrollment_year")}
        />
      </FieldGrid>
    </FormShell>
  );
}
