import { Select, Switch, Textarea } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { DateField } from "../../../ui/DateField";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { PersonSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { LEAVE_KINDS, LEAVES, type Leave } from "../queries";

type Values = {
  person: number | null;
  kind: string;
  start_date: string | null;
  end_date: string | null;
  reason: string;
  counts_toward_graduation: boolean;
  suspends_study: boolean;
};

/** One's own leave; whoever decides leave may ask on behalf of others. */
export function LeaveForm({ onDone }: { onDone: (leave: Leave) => unknown }) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const me = useMe();
  const saved = useSaved(LEAVES);
  const form = useForm<Values>({
    initialValues: {
      person: me.person?.id ?? null,
      kind: "personal",
      start_date: null,
      end_date: null,
      reason: "",
      counts_toward_graduation: true,
      suspends_study: false,
    },
    validate: {
      person: isNotEmpty(t("directory.needed")),
      start_date: isNotEmpty(t("directory.needed")),
      end_date: (value, { start_date }) =>
        value && start_date && value < start_date ? t("directory.leave.order") : null,
    },
  });
  const decides = can("leave.decide");
  const isAbsence = form.values.kind === "absence";
  return (
    <FormShell
      form={form}
      submitLabel={t("directory.leave.ask")}
      onSubmit={(values, { idempotencyKey }) =>
        writeJson<Leave>(
          "POST",
          LEAVES,
          // Left to the server unless the one who decides says otherwise.
          decides ? values : { ...values, suspends_study: null },
          { idempotencyKey },
        )
      }
      onDone={async (leave) => {
        await saved();
        await onDone(leave);
      }}
    >
      <FieldGrid>
        {decides && (
          <PersonSelect
            label={t("directory.leave.who")}
            required
            chosenLabel={me.person?.name}
            {...form.getInputProps("person")}
          />
        )}
        <Select
          label={t("directory.fields.kind")}
          allowDeselect={false}
          data={LEAVE_KINDS.map((value) => ({ value, label: label("directory.leaveKind", value) }))}
          {...form.getInputProps("kind")}
          onChange={(kind) =>
            form.setValues({
              kind: kind ?? "personal",
              suspends_study: kind === "academic",
              counts_toward_graduation: kind !== "absence",
            })
          }
        />
        <DateField label={t("directory.leave.first")} required {...form.getInputProps("start_date")} />
        <DateField
          label={t("directory.leave.last")}
          description={t("directory.leave.lastHint")}
          {...form.getInputProps("end_date")}
        />
      </FieldGrid>
      <Textarea label={t("directory.leave.reason")} dir="auto" {...form.getInputProps("reason")} />
      {decides && (
        <>
          <Switch
            label={t("directory.leave.suspends")}
            description={t("directory.leave.suspendsHint")}
            {...form.getInputProps("suspends_study", { type: "checkbox" })}
          />
          <Switch
            label={t("directory.leave.counts")}
            disabled={isAbsence}
            description={isAbsence ? t("directory.leave.absence") : undefined}
            {...form.getInputProps("counts_toward_graduation", { type: "checkbox" })}
          />
        </>
      )}
    </FormShell>
  );
}
