import { FileInput, Select, Textarea } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { IconPaperclip } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { ATTENDANCE, CORRECTIONS, type Correction, correctionUrl, MARKS, PAPER_TYPES } from "../queries";

const SHORTEST = 10;

type Values = { wanted: string | null; reason: string; file: File | null };
type Props = { line: number; status: string; onDone: (made: Correction) => unknown };

/** Asks for another mark on a line, with a paper where there is one; somebody else decides. */
export function AskForm({ line, status, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(ATTENDANCE);
  // What was sent stays sent when its paper is refused: then only the paper is sent again.
  const [sent, setSent] = useState<Correction | null>(null);
  const form = useForm<Values>({
    initialValues: { wanted: null, reason: "", file: null },
    validate: {
      wanted: isNotEmpty(t("attendance.ask.wantedNeeded")),
      reason: (value) => (value.trim().length < SHORTEST ? t("attendance.ask.reasonShort") : null),
    },
  });
  const send = async ({ wanted, reason, file }: Values, idempotencyKey: string) => {
    const made =
      sent ??
      (await writeJson<Correction>(
        "POST",
        CORRECTIONS,
        { line, wanted, reason: reason.trim() },
        { idempotencyKey },
      ));
    setSent(made);
    if (!file) return made;
    const body = new FormData();
    body.set("file", file);
    return writeJson<Correction>("POST", `${correctionUrl(made.id)}file/`, body);
  };
  return (
    <FormShell
      form={form}
      submitLabel={t("attendance.ask.do")}
      pointers={{ "/file": "file" }}
      onSubmit={(values, { idempotencyKey }) => send(values, idempotencyKey)}
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
    >
      <Select
        required
        disabled={sent !== null}
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
        readOnly={sent !== null}
        dir="auto"
        autosize
        minRows={3}
        maxLength={1000}
        label={t("attendance.reason")}
        description={t("attendance.ask.reasonHint")}
        {...form.getInputProps("reason")}
      />
      <FileInput
        label={t("attendance.ask.file")}
        description={t("attendance.ask.fileHint")}
        accept={PAPER_TYPES}
        clearable
        leftSection={<IconPaperclip size={16} aria-hidden="true" />}
        {...form.getInputProps("file")}
      />
    </FormShell>
  );
}
