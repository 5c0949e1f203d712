import { MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { AudiencePicker } from "../../../ui/audience/AudiencePicker";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { FIELDS, LOCKS, OBLIGATIONS, REQUIREMENTS, type Requirement } from "../queries";

type Values = {
  title: string;
  description: string;
  kind: string;
  field: string | null;
  audience: Audience;
  due_on: string | null;
  due_after_days: number | string;
  lock_lead_hours: number | string;
  locks: string[];
  mid_session: boolean;
  is_active: boolean;
};
type Props = { requirement?: Requirement; onDone: () => void };

const valuesOf = (row?: Requirement): Values => ({
  title: row?.title ?? "",
  description: row?.description ?? "",
  kind: row?.kind ?? "document",
  field: row?.field ?? null,
  audience: row?.audience ?? [[]],
  due_on: row?.due_on ?? null,
  due_after_days: row?.due_after_days ?? "",
  lock_lead_hours: row?.lock_lead_hours ?? 72,
  locks: row?.locks ?? [],
  mid_session: row?.mid_session ?? true,
  is_active: row?.is_active ?? true,
});

const orNothing = (value: number | string) => (value === "" ? null : Number(value));

/** What is owed, by whom, until when, and what it closes meanwhile. */
export function RequirementForm({ requirement, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(REQUIREMENTS, OBLIGATIONS);
  const loaded = valuesOf(requirement);
  const form = useForm<Values>({
    initialValues: loaded,
    validate: {
      title: isNotEmpty(t("obligations.requirements.needed")),
      audience: (value) => (namedOf(value).length > 0 ? null : t("ui.audience.needed")),
      field: (value, { kind }) =>
        kind === "profile_field" && !value ? t("obligations.requirements.needed") : null,
    },
  });
  const { values, errors } = form;
  const [, fault] = Object.entries(errors).find(([path]) => path.startsWith("audience")) ?? [];
  const wire = ({ audience, due_after_days, lock_lead_hours, ...plain }: Partial<Values>) => ({
    ...plain,
    ...(audience === undefined ? {} : { audience: namedOf(audience) }),
    ...(due_after_days === undefined ? {} : { due_after_days: orNothing(due_after_days) }),
    ...(lock_lead_hours === undefined ? {} : { lock_lead_hours: Number(lock_lead_hours) }),
  });
  const create = ({ is_active: _active, field, ...rest }: Values, idempotencyKey: string) =>
    writeJson<Requirement>(
      "POST",
      REQUIREMENTS,
      wire({ ...rest, field: rest.kind === "profile_field" ? field : null }),
      { idempotencyKey },
    );
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(given, { idempotencyKey }) =>
        requirement
          ? writeJson<Requirement>(
              "PATCH",
              `${REQUIREMENTS}${requirement.id}/`,
              wire(changesOf(given, loaded)),
              { ifMatch: requirement.version },
            )
          : create(given, idempotencyKey)
      }
      onDone={async () => {
        await saved();
        onDone();
      }}
    >
      <TextInput
        label={t("obligations.fields.title")}
        required
        dir="auto"
        maxLength={200}
        {...form.getInputProps("title")}
      />
      <Textarea
        label={t("obligations.fields.description")}
        dir="auto"
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps("description")}
      />
      <FieldGrid>
        <Select
          label={t("obligations.fields.kind")}
          allowDeselect={false}
          disabled={requirement !== undefined}
          data={["document", "profile_field"].map((value) => ({
            value,
            label: t(`obligations.kinds.${value as "document" | "profile_field"}`),
          }))}
          {...form.getInputProps("kind")}
        />
        {values.kind === "profile_field" && (
          <Select
            label={t("obligations.fields.field")}
            required
            disabled={requirement !== undefined}
            data={FIELDS.map((value) => ({ value, label: t(`obligations.profile.${value}`) }))}
            {...form.getInputProps("field")}
          />
        )}
      </FieldGrid>
      <AudiencePicker
        label={t("obligations.requirements.whom")}
        hint={t("obligations.requirements.whomHint")}
        value={values.audience}
        error={fault}
        onChange={(audience) => {
          form.setFieldValue("audience", audience);
          form.clearFieldError("audience");
        }}
      />
      <FieldGrid>
        <DateField label={t("obligations.fields.due_on")} {...form.getInputProps("due_on")} />
        <NumberInput
          label={t("obligations.fields.due_after_days")}
          description={t("obligations.requirements.afterHint")}
          min={0}
          max={3650}
          {...form.getInputProps("due_after_days")}
        />
      </FieldGrid>
      <FieldGrid>
        <MultiSelect
          label={t("obligations.fields.locks")}
          description={t("obligations.requirements.locksHint")}
          data={LOCKS.map((value) => ({ value, label: t(`obligations.locks.${value}`) }))}
          {...form.getInputProps("locks")}
        />
        <NumberInput
          label={t("obligations.fields.lock_lead_hours")}
          min={0}
          max={720}
          {...form.getInputProps("lock_lead_hours")}
        />
      </FieldGrid>
      <Switch
        label={t("obligations.fields.mid_session")}
        description={t("obligations.requirements.midHint")}
        {...form.getInputProps("mid_session", { type: "checkbox" })}
      />
      {requirement && (
        <Switch
          label={t("obligations.fields.is_active")}
          description={t("obligations.requirements.activeHint")}
          {...form.getInputProps("is_active", { type: "checkbox" })}
        />
      )}
    </FormShell>
  );
}
