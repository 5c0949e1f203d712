import { NumberInput, Text } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, guards, ok } from "../../../api/client";
import { FormShell } from "../../../ui/FormShell";
import { type Student, staleAfter } from "../queries";

/** Graduating names the year in which it happened. */
export function GraduateForm({ student, onDone }: { student: Student; onDone: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm<{ actual_graduation_year: number | string }>({
    initialValues: { actual_graduation_year: student.expected_graduation_year ?? new Date().getFullYear() },
    validate: { actual_graduation_year: isNotEmpty(t("students.needed")) },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("students.graduate.submit")}
      onSubmit={({ actual_graduation_year }, { idempotencyKey }) =>
        ok(
          client.POST("/api/v1/academics/students/{pk}/moves/{name}/", {
            params: { path: { pk: student.id, name: "graduate" } },
            body: { actual_graduation_year: Number(actual_graduation_year) },
            headers: guards({ version: student.version, idempotencyKey }),
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
      <Text size="sm">{t("students.graduate.intro")}</Text>
      <NumberInput
        label={t("students.graduate.year")}
        min={1900}
        max={2100}
        allowDecimal={false}
        {...form.getInputProps("actual_graduation_year")}
      />
    </FormShell>
  );
}
