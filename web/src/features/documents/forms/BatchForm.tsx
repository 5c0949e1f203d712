import { Select, Switch } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { AudiencePicker } from "../../../ui/audience/AudiencePicker";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { FormShell } from "../../../ui/FormShell";
import { type Batch, DOCUMENTS, LANGUAGES } from "../queries";

type Values = { audience: Audience; language: string; email: boolean };

/** The transcripts of everybody of an audience. */
export function BatchForm({ onDone }: { onDone: (made: Batch) => void }) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: { audience: [[]], language: "en", email: false },
    validate: { audience: (value) => (namedOf(value).length > 0 ? null : t("ui.audience.needed")) },
  });
  const [, fault] = Object.entries(form.errors).find(([path]) => path.startsWith("audience")) ?? [];
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("documents.batch.order")}
      onSubmit={({ audience, ...rest }, { idempotencyKey }) =>
        writeJson<Batch>(
          "POST",
          `${DOCUMENTS}batch/`,
          { ...rest, audience: namedOf(audience) },
          { idempotencyKey },
        )
      }
      onDone={onDone}
    >
      <AudiencePicker
        label={t("documents.batch.audience")}
        hint={t("documents.batch.audienceHint")}
        value={form.values.audience}
        error={fault}
        onChange={(audience) => {
          form.setFieldValue("audience", audience);
          form.clearFieldError("audience");
        }}
      />
      <Select
        label={t("documents.fields.language")}
        allowDeselect={false}
        data={LANGUAGES.map((value) => ({ value, label: t(`documents.languages.${value}`) }))}
        {...form.getInputProps("language")}
      />
      <Switch
        label={t("documents.batch.email")}
        description={t("documents.batch.emailHint")}
        {...form.getInputProps("email", { type: "checkbox" })}
      />
    </FormShell>
  );
}
