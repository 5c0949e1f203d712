import { Group, Select, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { changesOf } from "../../../ui/changes";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { BatchSelect, ProgramSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { HOLIDAY_KINDS, HOLIDAY_SCOPES, HOLIDAYS, type Holiday } from "../queries";

const valuesOf = (holiday?: Holiday) => ({
  name: holiday?.name ?? "",
  kind: (holiday?.kind ?? "public") as string,
  start_date: holiday?.start_date ?? (null as string | null),
  end_date: holiday?.end_date ?? (null as string | null),
  scope_kind: (holiday?.scope_kind ?? "institution") as string,
  scope_id: holiday?.scope_id ?? null,
});
type Values = ReturnType<typeof valuesOf>;

type Props = { holiday?: Holiday | undefined; onDone: () => unknown };

/** Days without teaching. A holiday by itself cancels nothing that is published. */
export function HolidayForm({ holiday, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const saved = useSaved(HOLIDAYS);
  const needed = isNotEmpty(t("directory.needed"));
  const form = useForm<Values>({
    initialValues: valuesOf(holiday),
    validate: {
      name: needed,
      start_date: needed,
      end_date: (value, { start_date }) =>
        !value ? t("directory.needed") : start_date && value < start_date ? t("directory.leave.order") : null,
      scope_id: (value, { scope_kind }) =>
        scope_kind !== "institution" && value === null ? t("directory.needed") : null,
    },
  });
  const url = holiday && `${HOLIDAYS}${holiday.id}/`;
  const { scope_kind } = form.values;
  const done = async () => {
    await saved();
    await onDone();
  };
  return (
    <FormShell
      form={form}
      onReload={done}
      onSubmit={(values, { idempotencyKey }) =>
        url
          ? writeJson("PATCH", url, changesOf(values, valuesOf(holiday)), { ifMatch: holiday.version })
          : writeJson("POST", HOLIDAYS, values, { idempotencyKey })
      }
      onDone={done}
      cancel={
        url && (
          <Group ms="auto" gap="xs">
            {can("session.view") && (
              <ButtonLink
                variant="subtle"
                to="/timetable/sessions"
                search={{
                  holiday: String(holiday.id),
                  start_date: holiday.start_date,
                  end_date: holiday.end_date,
                }}
              >
                {t("directory.holiday.sessions")}
              </ButtonLink>
            )}
            <ConfirmButton
              variant="subtle"
              color="madder"
              title={t("directory.holiday.delete")}
              question={t("directory.holiday.deleteQuestion", { name: holiday.name })}
              confirm={t("ui.delete")}
              act={() => writeJson("DELETE", url)}
              onDone={done}
            >
              {t("ui.delete")}
            </ConfirmButton>
          </Group>
        )
      }
    >
      <FieldGrid>
        <TextInput label={t("directory.fields.name")} required dir="auto" {...form.getInputProps("name")} />
        <Select
          label={t("directory.fields.kind")}
          allowDeselect={false}
          data={HOLIDAY_KINDS.map((value) => ({ value, label: label("directory.holidayKind", value) }))}
          {...form.getInputProps("kind")}
        />
        <DateField label={t("directory.holiday.first")} required {...form.getInputProps("start_date")} />
        <DateField label={t("directory.holiday.last")} required {...form.getInputProps("end_date")} />
        <Select
          label={t("directory.holiday.scope")}
          allowDeselect={false}
          data={HOLIDAY_SCOPES.map((value) => ({ value, label: label("directory.scope", value) }))}
          {...form.getInputProps("scope_kind")}
          onChange={(next) => form.setValues({ scope_kind: next ?? "institution", scope_id: null })}
        />
        {scope_kind === "program" && (
          <ProgramSelect label={t("directory.scope.program")} required {...form.getInputProps("scope_id")} />
        )}
        {scope_kind === "batch" && (
          <BatchSelect label={t("directory.scope.batch")} required {...form.getInputProps("scope_id")} />
        )}
      </FieldGrid>
      <Notice>{t("directory.holiday.hint")}</Notice>
    </FormShell>
  );
}
