import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { REQUESTS, type Request, requestUrl } from "../queries";

export type Resolution = "approve" | "complete" | "cancel";
type Props = { request: Request; name: Resolution; onDone: () => unknown };

/** A move that may be said something with: where to collect it, that it was handed over, why it is taken back. */
export function ResolveForm({ request, name, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(REQUESTS);
  const form = useForm({ initialValues: { notes: "" } });
  return (
    <FormShell
      form={form}
      submitLabel={label("requests.resolve", name)}
      guard={false}
      pointers={{ "/reason": "notes" }}
      onReload={saved}
      onSubmit={({ notes }, { idempotencyKey }) =>
        writeJson(
          "POST",
          `${requestUrl(request.id)}moves/${name}/`,
          notes.trim() ? { notes: notes.trim() } : {},
          { ifMatch: request.version, idempotencyKey },
        )
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <Textarea
        label={t("requests.notes")}
        description={name === "cancel" ? undefined : t("requests.notesHint")}
        dir="auto"
        autosize
        minRows={3}
        maxLength={2000}
        data-autofocus
        {...form.getInputProps("notes")}
      />
    </FormShell>
  );
}
