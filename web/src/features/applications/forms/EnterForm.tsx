import { TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { Notice } from "../../../ui/Notice";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { useSaved } from "../../../ui/useSaved";
import { APPLICATIONS, type Application } from "../queries";

type Values = { intake: number | null; full_name: string; email: string };

/** An application that came on paper becomes a draft; its page then takes the fields and the papers. */
export function EnterForm({ onDone }: { onDone: (application: Application) => unknown }) {
  const { t } = useTranslation();
  const saved = useSaved(APPLICATIONS);
  const needed = isNotEmpty(t("applications.needed"));
  const form = useForm<Values>({
    initialValues: { intake: null, full_name: "", email: "" },
    validate: { intake: needed, email: needed },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("applications.begin")}
      onSubmit={(values, { idempotencyKey }) =>
        writeJson<Application>("POST", APPLICATIONS, values, { idempotencyKey })
      }
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
    >
      <Notice>{t("applications.enterHint")}</Notice>
      <RemoteSelect
        path="/api/v1/academics/intakes/"
        option={(row) => ({ value: row.id, label: `${row.program_name} · ${row.batch_name}` })}
        label={t("applications.fields.intake")}
        required
        {...form.getInputProps("intake")}
        value={form.values.intake}
      />
      <TextInput label={t("application.fields.full_name")} dir="auto" {...form.getInputProps("full_name")} />
      <TextInput
        label={t("application.email")}
        description={t("applications.emailHint")}
        required
        type="email"
        dir="ltr"
        {...form.getInputProps("email")}
      />
    </FormShell>
  );
}
