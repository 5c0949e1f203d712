import { Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { useSaved } from "../../../ui/useSaved";
import { ATTENDANCE, CONDONATIONS, type Condonation, type EligibilityLine } from "../queries";

const SHORTEST = 10;

type Props = { line: EligibilityLine; onDone: (made: Condonation) => unknown };

/** Asks that somebody just below the threshold may sit all the same; somebody else decides. */
export function CondoneForm({ line, onDone }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const saved = useSaved(ATTENDANCE);
  const form = useForm({
    initialValues: { reason: "" },
    validate: {
      reason: (value) => (value.trim().length < SHORTEST ? t("attendance.ask.reasonShort") : null),
    },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("attendance.ask.do")}
      onSubmit={({ reason }, { idempotencyKey }) =>
        writeJson<Condonation>(
          "POST",
          CONDONATIONS,
          { line: line.id, reason: reason.trim() },
          { idempotencyKey },
        )
      }
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
    >
      <Text size="sm">
        {t("attendance.condonations.short", {
          percentage: number(Number(line.percentage)),
          threshold: number(Number(line.threshold)),
        })}
      </Text>
      <Textarea
        data-autofocus
        required
        dir="auto"
        autosize
        minRows={3}
        maxLength={1000}
        label={t("attendance.reason")}
        description={t("attendance.condonations.reasonHint")}
        {...form.getInputProps("reason")}
      />
    </FormShell>
  );
}
