import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { RemoteMultiSelect } from "../../../ui/RemoteMultiSelect";
import { useSaved } from "../../../ui/useSaved";
import { EXAMS, examUrl } from "../queries";

type Props = { exam: number; onDone: () => unknown };

/** Enters learners by name, beside those of the audience. */
export function EnterForm({ exam, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const form = useForm<{ persons: number[] }>({
    initialValues: { persons: [] },
    validate: { persons: (value) => (value.length > 0 ? null : t("exams.needed")) },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("exams.candidate.enter")}
      onSubmit={({ persons }, { idempotencyKey }) =>
        writeJson("POST", `${examUrl(exam)}candidates/`, { persons }, { idempotencyKey })
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <RemoteMultiSelect
        path="/api/v1/academics/students/"
        label={t("exams.fields.candidates")}
        option={(row) => ({ id: row.person, name: `${row.name} · ${row.reg_no}` })}
        value={form.values.persons}
        onChange={(persons) => form.setFieldValue("persons", persons)}
        error={form.errors.persons}
      />
    </FormShell>
  );
}
