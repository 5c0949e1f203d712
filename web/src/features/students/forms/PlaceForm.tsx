import { TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, guards, ok } from "../../../api/client";
import { useCan } from "../../../api/me";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { Notice } from "../../../ui/Notice";
import { BatchSelect, GroupSelect } from "../../../ui/references";
import { type Student, staleAfter } from "../queries";

type Values = { batch: number | null; group: number | null; from_date: string | null; reason: string };

/** Moves a student to a group from a day on; the history keeps where they were. */
export function PlaceForm({ student, onDone }: { student: Student; onDone: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const queryClient = useQueryClient();
  const needed = isNotEmpty(t("students.needed"));
  const form = useForm<Values>({
    initialValues: { batch: student.batch, group: null, from_date: null, reason: "" },
    validate: { batch: needed, group: needed },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("students.place.submit")}
      onSubmit={({ batch, group, from_date, reason }) =>
        ok(
          client.PATCH("/api/v1/academics/students/{pk}/placement/", {
            params: { path: { pk: student.id } },
            body: { batch: batch ?? 0, group: group ?? 0, from_date, reason },
            headers: guards({ version: student.version }),
          }),
        )
      }
      onDone={async () => {
        await Promise.all(
          staleAfter(student.id).map((queryKey) => queryClient.invalidateQueries({ queryKey })),
        );
        onDone();
      }}
    >
      <Notice>{t("students.place.now", { batch: student.batch_name, group: student.group_name })}</Notice>
      <FieldGrid>
        <BatchSelect
          label={t("students.fields.batch")}
          required
          chosenLabel={student.batch_name}
          filters={can("student.place_program") ? {} : { program: student.program }}
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
        <DateField
          label={t("students.place.from")}
          description={t("students.place.fromHint")}
          {...form.getInputProps("from_date")}
        />
        <TextInput label={t("students.place.reason")} dir="auto" {...form.getInputProps("reason")} />
      </FieldGrid>
    </FormShell>
  );
}
