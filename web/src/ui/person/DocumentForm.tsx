import { NativeSelect, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../api/transport";
import { useLabel } from "../../i18n/label";
import { changesOf } from "../changes";
import { DateField } from "../DateField";
import { FieldGrid } from "../FieldGrid";
import { FormShell } from "../FormShell";
import { useSaved } from "../useSaved";
import { DOCUMENT_KINDS, DOCUMENTS, type IdentityDocument } from "./queries";

const valuesOf = (document?: IdentityDocument) => ({
  number: document?.number ?? "",
  issue_date: document?.issue_date ?? null,
  expiry_date: document?.expiry_date ?? null,
  issuing_authority: document?.issuing_authority ?? "",
});

type Props = { person: number; document?: IdentityDocument | undefined; onDone: () => unknown };

/** A document keeps its kind for life; another number takes its verification away. */
export function DocumentForm({ person, document, onDone }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const saved = useSaved(DOCUMENTS);
  const form = useForm({
    initialValues: { kind: document?.kind ?? "cnic", ...valuesOf(document) },
    validate: { number: isNotEmpty(t("person.needed")) },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={({ kind, ...values }, { idempotencyKey }) =>
        document
          ? writeJson("PATCH", `${DOCUMENTS}${document.id}/`, changesOf(values, valuesOf(document)), {
              ifMatch: document.version,
            })
          : writeJson("POST", DOCUMENTS, { ...values, kind, person }, { idempotencyKey })
      }
      onDone={onDone}
    >
      <FieldGrid>
        <NativeSelect
          label={t("person.document.kind")}
          disabled={document !== undefined}
          data={DOCUMENT_KINDS.map((value) => ({ value, label: labelOf("person.documentKind", value) }))}
          {...form.getInputProps("kind")}
        />
        <TextInput
          label={t("person.document.number")}
          description={document?.status === "verified" ? t("person.document.clears") : undefined}
          required
          dir="ltr"
          {...form.getInputProps("number")}
        />
        <DateField label={t("person.document.issued")} {...form.getInputProps("issue_date")} />
        <DateField label={t("person.document.expires")} {...form.getInputProps("expiry_date")} />
        <TextInput
          label={t("person.document.authority")}
          dir="auto"
          {...form.getInputProps("issuing_authority")}
        />
      </FieldGrid>
    </FormShell>
  );
}
