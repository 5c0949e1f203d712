import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { isSame, saidBy, textOf } from "../grid/cells";
import { ASSESSMENT, CORRECTIONS, type Correction, type Result } from "../queries";

const SHORTEST = 10;
type Values = { texts: Record<string, string>; reason: string };
type Props = { result: Result; onDone: (made: Correction) => unknown };

/** What a published result should say, and why; somebody else decides. */
export function ProposeForm({ result, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(ASSESSMENT);
  const changed = (texts: Values["texts"]) =>
    result.cells.filter((cell) => !isSame(texts[cell.component] ?? "", textOf(cell)));
  const form = useForm<Values>({
    initialValues: {
      texts: Object.fromEntries(result.cells.map((cell) => [String(cell.component), textOf(cell)])),
      reason: "",
    },
    validate: {
      texts: (texts) => (changed(texts).length > 0 ? null : t("exams.correction.nothing")),
      reason: (value) => (value.trim().length < SHORTEST ? t("exams.correction.short") : null),
    },
  });
  // The server points at the entries that were sent, which are those that changed.
  const pointers = Object.fromEntries(
    changed(form.values.texts).flatMap(({ component }, place) =>
      ["", "/marks", "/state"].map((part) => [`/entries/${place}${part}`, `texts.${component}`]),
    ),
  );
  return (
    <FormShell
      form={form}
      pointers={pointers}
      submitLabel={t("exams.correction.send")}
      onSubmit={({ texts, reason }, { idempotencyKey }) =>
        writeJson<Correction>(
          "POST",
          CORRECTIONS,
          {
            result: result.id,
            entries: changed(texts).map(({ component }) => ({
              component,
              ...saidBy(texts[component] ?? ""),
            })),
            reason: reason.trim(),
          },
          { idempotencyKey },
        )
      }
      onDone={async (made) => {
        await saved();
        await onDone(made);
      }}
    >
      <FieldGrid>
        {result.cells.map((cell) => (
          <TextInput
            key={cell.component}
            dir="ltr"
            inputMode="decimal"
            label={cell.name}
            description={t("exams.correction.now", { marks: textOf(cell) || "–" })}
            error={form.errors[`texts.${cell.component}`] ?? form.errors.texts}
            value={form.values.texts[cell.component] ?? ""}
            onChange={(event) =>
              form.setFieldValue("texts", {
                ...form.values.texts,
                [cell.component]: event.currentTarget.value,
              })
            }
          />
        ))}
      </FieldGrid>
      <Textarea
        required
        dir="auto"
        autosize
        minRows={3}
        maxLength={1000}
        label={t("ui.moves.reason")}
        description={t("exams.correction.reasonHint")}
        {...form.getInputProps("reason")}
      />
    </FormShell>
  );
}
