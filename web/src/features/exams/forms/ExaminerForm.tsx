import { Select } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { PersonSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { type Component, EXAMS, type Exam, examUrl } from "../queries";

type Props = { exam: Exam; components: Component[]; onDone: () => unknown };

/** Who marks the exam, or one component of it. */
export function ExaminerForm({ exam, components, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const form = useForm<{ person: number | null; component: string | null }>({
    initialValues: { person: null, component: null },
    validate: { person: isNotEmpty(t("exams.needed")) },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("ui.add")}
      onSubmit={({ person, component }, { idempotencyKey }) =>
        writeJson(
          "POST",
          `${examUrl(exam.id)}examiners/`,
          { person, component: component === null ? null : Number(component) },
          { idempotencyKey },
        )
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <PersonSelect required label={t("exams.fields.examiner")} {...form.getInputProps("person")} />
      <Select
        clearable
        label={t("exams.fields.component")}
        placeholder={t("exams.wholeExam")}
        data={components.map(({ id, name }) => ({ value: String(id), label: name }))}
        {...form.getInputProps("component")}
      />
    </FormShell>
  );
}
