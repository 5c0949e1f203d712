import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { type Candidate, EXAMS, examUrl } from "../queries";

type Props = { exam: number; candidate: Candidate; onDone: () => unknown };

/** The seat of a candidate, or none. */
export function SeatForm({ exam, candidate, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const form = useForm({ initialValues: { seat_no: candidate.seat_no } });
  return (
    <FormShell
      form={form}
      onSubmit={({ seat_no }) =>
        writeJson(
          "PATCH",
          `${examUrl(exam)}candidates/${candidate.id}/`,
          { seat_no: seat_no.trim() || null },
          { ifMatch: candidate.version },
        )
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <TextInput
        data-autofocus
        dir="ltr"
        maxLength={20}
        label={t("exams.fields.seat")}
        {...form.getInputProps("seat_no")}
      />
    </FormShell>
  );
}
