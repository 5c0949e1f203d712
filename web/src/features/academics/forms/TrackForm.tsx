import { Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { TRACKS, type Track } from "../queries";

type Props = { program: number; track?: Track | undefined; onDone: () => unknown };

export function TrackForm({ program, track, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(TRACKS);
  const form = useForm({
    initialValues: { name: track?.name ?? "" },
    validate: { name: isNotEmpty(t("academics.needed")) },
  });
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        track
          ? writeJson("PATCH", `${TRACKS}${track.id}/`, values, { ifMatch: track.version })
          : writeJson("POST", TRACKS, { ...values, program }, { idempotencyKey })
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <Text size="sm" c="dimmed">
        {t("academics.track.intro")}
      </Text>
      <TextInput label={t("academics.fields.name")} required dir="auto" {...form.getInputProps("name")} />
    </FormShell>
  );
}
