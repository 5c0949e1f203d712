import { Select, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { FormShell } from "../../../ui/FormShell";
import { CONTACT_KINDS, CONTACTS, type Contact } from "../queries";

const valuesOf = (contact?: Contact) => ({
  value: contact?.value ?? "",
  label: contact?.label ?? "",
  is_primary: contact?.is_primary ?? false,
});

type Props = { person: number; contact?: Contact | undefined; onDone: () => unknown };

export function ContactForm({ person, contact, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const form = useForm({
    initialValues: { kind: contact?.kind ?? "phone", ...valuesOf(contact) },
    validate: { value: isNotEmpty(t("directory.needed")) },
  });
  return (
    <FormShell
      form={form}
      onSubmit={({ kind, ...values }, { idempotencyKey }) =>
        contact
          ? writeJson("PATCH", `${CONTACTS}${contact.id}/`, changesOf(values, valuesOf(contact)))
          : writeJson("POST", CONTACTS, { ...values, kind, person }, { idempotencyKey })
      }
      onDone={onDone}
    >
      <Select
        label={t("directory.fields.kind")}
        disabled={contact !== undefined}
        allowDeselect={false}
        data={CONTACT_KINDS.map((value) => ({ value, label: label("directory.contactKind", value) }))}
        {...form.getInputProps("kind")}
      />
      <TextInput label={t("directory.contact.value")} required dir="ltr" {...form.getInputProps("value")} />
      <TextInput
        label={t("directory.contact.label")}
        placeholder={t("directory.contact.labelExample")}
        dir="auto"
        {...form.getInputProps("label")}
      />
      <Switch
        label={t("directory.contact.primary")}
        {...form.getInputProps("is_primary", { type: "checkbox" })}
      />
    </FormShell>
  );
}
