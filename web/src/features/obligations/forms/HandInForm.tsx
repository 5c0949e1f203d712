import { FileInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPaperclip } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { OBLIGATIONS, type Obligation, obligationUrl, PAPER_TYPES } from "../queries";

type Values = { file: File | null; value: string };

/** Hands in what is owed: a paper, or a value for one's record. Never too late. */
export function HandInForm({ row }: { row: Obligation }) {
  const { t } = useTranslation();
  const saved = useSaved(OBLIGATIONS);
  const isPaper = row.kind === "document";
  const form = useForm<Values>({
    initialValues: { file: null, value: "" },
    validate: isPaper
      ? { file: (value) => (value ? null : t("obligations.fileNeeded")) }
      : { value: (value) => (value.trim() ? null : t("obligations.valueNeeded")) },
  });
  const send = ({ file, value }: Values, idempotencyKey: string) => {
    const body = new FormData();
    if (file) body.set("file", file);
    if (!isPaper) body.set("value", value);
    return writeJson<Obligation>("POST", `${obligationUrl(row.id)}submit/`, body, { idempotencyKey });
  };
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={row.status === "submitted" ? t("obligations.handInAgain") : t("obligations.handIn")}
      pointers={{ "/file": "file", "/value": "value" }}
      onSubmit={(values, { idempotencyKey }) => send(values, idempotencyKey)}
      onDone={async () => {
        form.reset();
        await saved();
      }}
    >
      {isPaper ? (
        <FileInput
          label={t("obligations.fields.file")}
          description={t("obligations.fileHint")}
          accept={PAPER_TYPES}
          clearable
          required
          leftSection={<IconPaperclip size={16} aria-hidden="true" />}
          {...form.getInputProps("file")}
        />
      ) : (
        <TextInput
          label={t(`obligations.profile.${row.field ?? "phone"}`)}
          description={t("obligations.valueHint")}
          dir="auto"
          required
          maxLength={255}
          type={row.field === "date_of_birth" ? "date" : "text"}
          {...form.getInputProps("value")}
        />
      )}
    </FormShell>
  );
}
