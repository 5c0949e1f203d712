import { Select, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { RemoteSelect } from "../../../ui/RemoteSelect";
import { useSaved } from "../../../ui/useSaved";
import { WhatStands } from "../../../ui/WhatStands";
import { CERTIFICATES, DOCUMENTS, type IssuedDocument, LANGUAGES, readinessUrl } from "../queries";

type Values = {
  kind: string;
  student_id: number | null;
  purpose: string;
  language: string;
  email: string;
};

/** What an office certifies of a learner: in words of its own, or as one of the usual certificates. */
export function CertificateForm({ onIssued }: { onIssued: (made: IssuedDocument) => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const saved = useSaved(DOCUMENTS);
  const form = useForm<Values>({
    initialValues: { kind: "other", student_id: null, purpose: "", language: "en", email: "" },
    validate: {
      student_id: isNotEmpty(t("documents.learnerNeeded")),
      purpose: (value, { kind }) =>
        kind === "other" && !value.trim() ? t("documents.certificate.textNeeded") : null,
    },
  });
  const { kind } = form.values;
  return (
    <FormShell
      form={form}
      submitLabel={t("documents.certificate.issue")}
      onSubmit={({ email, ...values }, { idempotencyKey }) =>
        writeJson<IssuedDocument>(
          "POST",
          `${DOCUMENTS}certificates/`,
          { ...values, email: email || null },
          { idempotencyKey },
        )
      }
      onDone={async (made) => {
        await saved();
        onIssued(made);
      }}
    >
      <RemoteSelect
        path="/api/v1/academics/students/"
        label={t("documents.fields.learner")}
        required
        option={(row) => ({ value: row.id, label: `${row.name} · ${row.reg_no}` })}
        chosenLabel={null}
        value={form.values.student_id}
        error={form.errors.student_id}
        onChange={(value) => form.setFieldValue("student_id", value)}
      />
      <WhatStands url={readinessUrl(form.values.student_id, kind)} />
      <Select
        label={t("documents.fields.kind")}
        allowDeselect={false}
        data={CERTIFICATES.map((value) => ({ value, label: t(`documents.kinds.${value}`) }))}
        {...form.getInputProps("kind")}
      />
      {kind !== "bonafide" && (
        <Textarea
          autosize
          minRows={3}
          maxLength={1000}
          dir="auto"
          required={kind === "other"}
          label={kind === "other" ? t("documents.certificate.text") : t("documents.certificate.purpose")}
          description={t("documents.certificate.textHint")}
          {...form.getInputProps("purpose")}
        />
      )}
      <Select
        label={t("documents.fields.language")}
        allowDeselect={false}
        data={LANGUAGES.map((value) => ({ value, label: t(`documents.languages.${value}`) }))}
        {...form.getInputProps("language")}
      />
      <TextInput
        label={t("documents.fields.email")}
        description={can("document.send_elsewhere") ? t("documents.emailAny") : t("documents.emailOwn")}
        type="email"
        dir="ltr"
        maxLength={254}
        {...form.getInputProps("email")}
      />
    </FormShell>
  );
}
