import { MultiSelect, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { changesOf } from "../../../ui/changes";
import { FormShell } from "../../../ui/FormShell";
import { type SessionRecord, sessionUrl } from "../queries";
import { useSyllabus } from "../useSyllabus";

type Props = { session: SessionRecord; onReload: () => unknown; onDone: () => unknown };

/** What its teacher adds for those who come: topic, note, and what of the syllabus is taught. */
export function AnnotateForm({ session, onReload, onDone }: Props) {
  const { t } = useTranslation();
  const before = {
    topic: session.topic,
    note: session.note,
    syllabus_items: session.syllabus_items.map(({ id }) => id),
  };
  const items = useSyllabus(session);
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
      <MultiSelect
        label={t("timetable.session.syllabus")}
        description={t("timetable.session.syllabusHint")}
        data={items}
        searchable
        clearable
        {...form.getInputProps("syllabus_items")}
        value={form.values.syllabus_items.map(String)}
        onChange={(ids) => form.setFieldValue("syllabus_items", ids.map(Number))}
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
