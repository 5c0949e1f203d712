import { Select, Textarea } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { ATTENDANCE, CORRECTIONS, type Correction, MARKS } from "../queries";

const SHORTEST = 10;

type Props = { line: number; status: string; onDone: (made: Correction) => unknown };

/** Asks for another mark on a line; somebody else decides. */
export function AskForm({ line, status, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(ATTENDANCE);
  const form = useForm<{ wanted: string | null; reason: string }>({
    initialValues: { wanted: null, reason: "" },
    validate: {
      wanted: isNotEmpty(t("attendance.ask.wantedNeeded")),
      reason: (value) => (value.trim().length < SHORTEST ? t("attendance.ask.reasonShort") : null),
    },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("attendance.ask.do")}
      onSubmit={({ wanted, reason }, { idempotencyKey }) =>
        writeJson<Correction>(
          "POST",
          CORRECTIONS,
          { line, wanted, reason: reason.trim() },
          { idempotencyKey },
        )
      }
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
    >
      <Select
        required
        label={t("attendance.ask.wanted")}
        description={t("attendance.ask.now", { mark: label("ui.status", status) })}
        data={MARKS.filter((mark) => mark !== status).map((value) => ({
          value,
          label: label("ui.status", value),
        }))}
        {...form.getInputProps("wanted")}
      />
      <Textarea
        required
        dir="auto"
        autosize
        minRows={3}
        maxLength={1000}
        label={t("attendance.reason")}
        description={t("attendance.ask.reasonHint")}
        {...form.getInputProps("reason")}
      />
    </FormShell>
  );
}
