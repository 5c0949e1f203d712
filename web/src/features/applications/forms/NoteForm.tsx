import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { APPLICATIONS, type Application, applicationUrl } from "../queries";

type Props = { application: Application; onDone: () => void };

/** A note for colleagues; the applicant never sees it. */
export function NoteForm({ application, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(APPLICATIONS);
  const form = useForm({ initialValues: { staff_notes: application.staff_notes } });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values) =>
        writeJson("PATCH", applicationUrl(application.id), values, { ifMatch: application.version })
      }
      onDone={async () => {
        await saved();
        onDone();
      }}
    >
      <Textarea
        label={t("application.fields.staff_notes")}
        description={t("applications.noteHint")}
        data-autofocus
        dir="auto"
        minRows={4}
        maxLength={5000}
        {...form.getInputProps("staff_notes")}
      />
    </FormShell>
  );
}
