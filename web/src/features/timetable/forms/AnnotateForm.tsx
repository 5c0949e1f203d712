import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FormShell } from "../../../ui/FormShell";
import { type SessionRecord, sessionUrl } from "../queries";

type Props = { session: SessionRecord; onReload: () => unknown; onDone: () => unknown };

/** What its teacher adds for those who come: topic and note. */
export function AnnotateForm({ session, onReload, onDone }: Props) {
  const { t } = useTranslation();
  const before = { topic: session.topic, note: session.note };
  const form = useForm({ initialValues: before });
  return (
    <FormShell
      form={form}
      onReload={onReload}
      onSubmit={(values) =>
        writeJson("PATCH", sessionUrl(session.id), changesOf(values, before), { ifMatch: session.version })
      }
      onDone={onDone}
    >
      <TextInput
        dir="auto"
        label={t("timetable.editor.topic")}
        maxLength={200}
        {...form.getInputProps("topic")}
      />
      <Textarea
        dir="auto"
        autosize
        minRows={3}
        label={t("timetable.editor.note")}
        maxLength={2000}
        {...form.getInputProps("note")}
      />
    </FormShell>
  );
}
