import { NativeSelect, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../api/transport";
import { useLabel } from "../../i18n/label";
import { changesOf } from "../changes";
import { FieldGrid } from "../FieldGrid";
import { FormShell } from "../FormShell";
import { ADDRESS_KINDS, ADDRESSES, type Address } from "./queries";

const valuesOf = (address?: Address) => ({
  street: address?.street ?? "",
  city: address?.city ?? "",
  state: address?.state ?? "",
  postal_code: address?.postal_code ?? "",
  country: address?.country ?? "",
  is_primary: address?.is_primary ?? false,
});

type Props = { person: number; address?: Address | undefined; onDone: () => unknown };

export function AddressForm({ person, address, onDone }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const form = useForm({
    initialValues: { kind: address?.kind ?? "mailing", ...valuesOf(address) },
    validate: { street: isNotEmpty(t("person.needed")) },
    transformValues: (values) => ({ ...values, country: values.country.trim().toUpperCase() }),
  });
  return (
    <FormShell
      form={form}
      onSubmit={({ kind, ...values }, { idempotencyKey }) =>
        address
          ? writeJson("PATCH", `${ADDRESSES}${address.id}/`, changesOf(values, valuesOf(address)))
          : writeJson("POST", ADDRESSES, { ...values, kind, person }, { idempotencyKey })
      }
      onDone={onDone}
    >
      <FieldGrid>
        <NativeSelect
          label={t("person.address.kind")}
          disabled={address !== undefined}
          data={ADDRESS_KINDS.map((value) => ({ value, label: labelOf("person.addressKind", value) }))}
          {...form.getInputProps("kind")}
        />
        <TextInput
          label={t("person.address.street")}
          required
          dir="auto"
          autoComplete="street-address"
          {...form.getInputProps("street")}
        />
        <TextInput label={t("person.address.city")} dir="auto" {...form.getInputProps("city")} />
        <TextInput label={t("person.address.state")} dir="auto" {...form.getInputProps("state")} />
        <TextInput label={t("person.address.postalCode")} dir="ltr" {...form.getInputProps("postal_code")} />
        <TextInput
          label={t("person.address.country")}
          description={t("person.address.countryHint")}
          dir="ltr"
          maxLength={2}
          {...form.getInputProps("country")}
        />
      </FieldGrid>
      <Switch
        label={t("person.address.primary")}
        {...form.getInputProps("is_primary", { type: "checkbox" })}
      />
    </FormShell>
  );
}
