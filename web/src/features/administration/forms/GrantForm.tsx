import { Select, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { Notice } from "../../../ui/Notice";
import { BatchSelect, DepartmentSelect, PersonSelect, ProgramSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { MEMBERSHIPS, PEOPLE, ROLES, SCOPES } from "../queries";
import { reworded } from "../reworded";

type Values = {
  person: number | null;
  role: string | null;
  scope_kind: string;
  scope_id: number | null;
  designation: string;
  employment_no: string;
  is_primary: boolean;
  from_date: string | null;
  to_date: string | null;
};

/** How far a role usually reaches. */
const USUAL_SCOPE: Record<string, string> = {
  coordinator: "program",
  department_head: "department",
  faculty: "department",
};

const SCOPE_SELECTS = { department: DepartmentSelect, program: ProgramSelect, batch: BatchSelect };

export function GrantForm({ person, onDone }: { person: number | null; onDone: () => unknown }) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const saved = useSaved(MEMBERSHIPS, PEOPLE);
  const needed = isNotEmpty(t("administration.needed"));
  const form = useForm<Values>({
    initialValues: {
      person,
      role: null,
      scope_kind: "institution",
      scope_id: null,
      designation: "",
      employment_no: "",
      is_primary: false,
      from_date: null,
      to_date: null,
    },
    validate: {
      person: needed,
      role: needed,
      scope_id: (value, { scope_kind }) =>
        scope_kind !== "institution" && value === null ? t("administration.needed") : null,
    },
  });
  const { scope_kind } = form.values;
  const isSelf = form.values.person !== null && form.values.person === me.person?.id;
  const Scope = SCOPE_SELECTS[scope_kind as keyof typeof SCOPE_SELECTS] ?? null;
  return (
    <FormShell
      form={form}
      submitLabel={t("administration.membership.grant")}
      onSubmit={async (values, { idempotencyKey }) => {
        try {
          return await writeJson("POST", MEMBERSHIPS, values, { idempotencyKey });
        } catch (error) {
          throw reworded(error, { own_role: t("administration.membership.ownRole") });
        }
      }}
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      {isSelf && (
        <Notice tone="wait" role="alert">
          {t("administration.membership.ownRole")}
        </Notice>
      )}
      <FieldGrid>
        <PersonSelect label={t("administration.fields.person")} required {...form.getInputProps("person")} />
        <Select
          label={t("administration.fields.role")}
          required
          searchable
          data={ROLES.map((value) => ({ value, label: label("app.roles", value) }))}
          {...form.getInputProps("role")}
          onChange={(role) =>
            form.setValues({
              role,
              scope_kind: USUAL_SCOPE[role ?? ""] ?? "institution",
              scope_id: null,
            })
          }
        />
        <Select
          label={t("administration.fields.scope")}
          allowDeselect={false}
          data={SCOPES.map((value) => ({ value, label: label("administration.scope", value) }))}
          {...form.getInputProps("scope_kind")}
          onChange={(next) => form.setValues({ scope_kind: next ?? "institution", scope_id: null })}
        />
        {Scope && (
          <Scope
            key={scope_kind}
            label={label("administration.scope", scope_kind)}
            required
            {...form.getInputProps("scope_id")}
          />
        )}
        <TextInput
          label={t("administration.fields.designation")}
          dir="auto"
          {...form.getInputProps("designation")}
        />
        <TextInput
          label={t("administration.fields.employmentNo")}
          dir="ltr"
          {...form.getInputProps("employment_no")}
        />
        <DateField
          label={t("administration.fields.from")}
          description={t("administration.membership.fromHint")}
          {...form.getInputProps("from_date")}
        />
        <DateField label={t("administration.fields.to")} {...form.getInputProps("to_date")} />
      </FieldGrid>
      <Switch
        label={t("administration.membership.primary")}
        {...form.getInputProps("is_primary", { type: "checkbox" })}
      />
    </FormShell>
  );
}
