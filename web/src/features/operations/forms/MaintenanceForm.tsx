import { Select, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Missing } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { type Place, PlacesOfMissing } from "../../../ui/places";
import { instantOfWall } from "../../../ui/zoned";
import { LEVELS, WINDOWS, type Window } from "../queries";

/** Times are written in the zone of the reader's own device: an operator belongs to no institution. */
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Maintenance from now, or from a moment to come. */
export function MaintenanceForm({ onDone }: { onDone: (made: Window) => unknown }) {
  const { t } = useTranslation();
  const label = useLabel();
  const form = useForm({
    initialValues: { level: "full", message: "", from: "", until: "" },
    validate: { until: (until) => (until ? null : t("operations.maintenance.untilNeeded")) },
  });
  return (
    <PlacesOfMissing value={useOthers()}>
      <FormShell
        form={form}
        submitLabel={form.values.from ? t("operations.maintenance.plan") : t("operations.maintenance.begin")}
        onSubmit={(values, { idempotencyKey }) => {
          const from = instantOfWall(values.from, ZONE);
          const body = {
            level: values.level,
            message: values.message,
            until: instantOfWall(values.until, ZONE),
            ...(from ? { from } : {}),
          };
          return writeJson<Window>("POST", WINDOWS, body, { idempotencyKey });
        }}
        onDone={onDone}
      >
        <Select
          label={t("operations.maintenance.level")}
          allowDeselect={false}
          data={LEVELS.map((value) => ({ value, label: label("operations.level", value) }))}
          {...form.getInputProps("level")}
        />
        <Text size="sm" c="dimmed">
          {form.values.level === "full"
            ? t("operations.maintenance.fullHint")
            : t("operations.maintenance.readOnlyHint")}
        </Text>
        <Textarea
          label={t("operations.maintenance.message")}
          description={t("operations.maintenance.messageHint")}
          maxLength={500}
          autosize
          minRows={2}
          {...form.getInputProps("message")}
        />
        <FieldGrid>
          <TextInput
            label={t("operations.maintenance.from")}
            description={t("operations.maintenance.fromHint")}
            type="datetime-local"
            dir="ltr"
            {...form.getInputProps("from")}
          />
          <TextInput
            label={t("operations.maintenance.until")}
            description={t("operations.maintenance.zone", { zone: ZONE })}
            type="datetime-local"
            dir="ltr"
            required
            {...form.getInputProps("until")}
          />
        </FieldGrid>
      </FormShell>
    </PlacesOfMissing>
  );
}

/** The window that has the time already, by its own times, leads to its page. */
function useOthers(): (item: Missing) => Place[] {
  const format = useFormat();
  const navigate = useNavigate();
  return ({ where }) => {
    const { window: id, from, until } = where ?? {};
    if (typeof id !== "number" || typeof from !== "string" || typeof until !== "string") return [];
    const go = () => void navigate({ to: "/operations/maintenance/$id", params: { id: String(id) } });
    return [{ key: String(id), words: `${format.dateTime(from)} – ${format.dateTime(until)}`, go }];
  };
}
