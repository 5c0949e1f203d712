import { Select, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { PRIORITIES, REQUESTS, type Request, requestUrl } from "../queries";

const loadedFrom = ({ title, description, priority }: Request) => ({ title, description, priority });

/** What the one who asked may still mend. */
export function MendForm({ request, onDone }: { request: Request; onDone: () => unknown }) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(REQUESTS);
  const form = useForm({
    initialValues: loadedFrom(request),
    validate: { title: isNotEmpty(t("requests.needed")) },
  });
  const done = async () => {
    await saved();
    await onDone();
  };
  return (
    <FormShell
      form={form}
      onReload={done}
      onSubmit={(values) =>
        writeJson("PATCH", requestUrl(request.id), changesOf(values, loadedFrom(request)), {
          ifMatch: request.version,
        })
      }
      onDone={done}
    >
      <TextInput
        label={t("requests.fields.title")}
        required
        dir="auto"
        maxLength={200}
        {...form.getInputProps("title")}
      />
      <Textarea
        label={t("requests.fields.description")}
        dir="auto"
        autosize
        minRows={4}
        maxLength={5000}
        {...form.getInputProps("description")}
      />
      <Select
        label={t("requests.fields.priority")}
        allowDeselect={false}
        data={PRIORITIES.map((value) => ({ value, label: label("ui.priority", value) }))}
        {...form.getInputProps("priority")}
      />
    </FormShell>
  );
}
