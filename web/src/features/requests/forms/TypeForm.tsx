import { Select, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { HANDLER_ROLES, type RequestType, TYPES } from "../queries";

const valuesOf = (type?: RequestType) => ({
  code: type?.code ?? "",
  name: type?.name ?? "",
  handler_role: type?.handler_role ?? "registrar",
  requires_attachment: type?.requires_attachment ?? false,
  is_active: type?.is_active ?? true,
});

type Props = { type?: RequestType | undefined; onDone: () => unknown };

/** What people may ask for, and who serves it. */
export function TypeForm({ type, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(TYPES);
  const needed = isNotEmpty(t("requests.needed"));
  const form = useForm({ initialValues: valuesOf(type), validate: { code: needed, name: needed } });
  const url = type && `${TYPES}${type.id}/`;
  const done = async () => {
    await saved();
    await onDone();
  };
  const known: readonly string[] = HANDLER_ROLES;
  const kept = form.values.handler_role;
  const roles = known.includes(kept) ? known : [...known, kept];
  return (
    <FormShell
      form={form}
      onReload={done}
      onSubmit={(values, { idempotencyKey }) =>
        url
          ? writeJson("PATCH", url, changesOf(values, valuesOf(type)), { ifMatch: type.version })
          : writeJson("POST", TYPES, values, { idempotencyKey })
      }
      onDone={done}
      cancel={
        url && (
          <ConfirmButton
            ms="auto"
            variant="subtle"
            color="madder"
            title={t("requests.types.delete")}
            question={t("requests.types.deleteQuestion", { name: type.name })}
            confirm={t("ui.delete")}
            act={() => writeJson("DELETE", url)}
            onDone={done}
          >
            {t("ui.delete")}
          </ConfirmButton>
        )
      }
    >
      <FieldGrid>
        <TextInput
          label={t("requests.types.name")}
          required
          dir="auto"
          maxLength={120}
          {...form.getInputProps("name")}
        />
        <TextInput
          label={t("requests.types.code")}
          description={t("requests.types.codeHint")}
          required
          dir="ltr"
          maxLength={40}
          {...form.getInputProps("code")}
        />
        <Select
          label={t("requests.types.role")}
          description={t("requests.types.roleHint")}
          allowDeselect={false}
          data={roles.map((value) => ({ value, label: label("app.roles", value) }))}
          {...form.getInputProps("handler_role")}
        />
      </FieldGrid>
      <Switch
        label={t("requests.types.demands")}
        {...form.getInputProps("requires_attachment", { type: "checkbox" })}
      />
      <Switch
        label={t("requests.types.active")}
        description={t("requests.types.activeHint")}
        {...form.getInputProps("is_active", { type: "checkbox" })}
      />
    </FormShell>
  );
}
