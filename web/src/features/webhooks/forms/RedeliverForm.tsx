import { Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { DateField } from "../../../ui/DateField";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { type Endpoint, endpointUrl, WEBHOOKS } from "../queries";

type Props = { endpoint: Endpoint; onDone: () => unknown };
type Values = { date_from: string | null; date_to: string | null };

/** Everything of some days once more that died on its way. */
export function RedeliverForm({ endpoint, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(WEBHOOKS);
  const needed = (value: string | null) => (value ? null : t("webhooks.needed"));
  const form = useForm<Values>({
    initialValues: { date_from: null, date_to: null },
    validate: { date_from: needed, date_to: needed },
  });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("webhooks.redeliver.many")}
      onSubmit={(values, { idempotencyKey }) =>
        writeJson<{ redelivered: number }>("POST", `${endpointUrl(endpoint.id)}redeliver/`, values, {
          idempotencyKey,
        })
      }
      onDone={async ({ redelivered }) => {
        await saved();
        notifications.show({
          message: t("webhooks.redeliver.count", { count: redelivered }),
          color: "leaf",
        });
        await onDone();
      }}
    >
      <Text size="sm">{t("webhooks.redeliver.words")}</Text>
      <DateField label={t("webhooks.log.from")} required {...form.getInputProps("date_from")} />
      <DateField label={t("webhooks.log.to")} required {...form.getInputProps("date_to")} />
    </FormShell>
  );
}
