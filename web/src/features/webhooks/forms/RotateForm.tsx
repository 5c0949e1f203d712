import { NumberInput, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { type Endpoint, endpointUrl, type WithSecret } from "../queries";

const USUAL_GRACE = 24;
const LONGEST_GRACE = 168;

type Props = { endpoint: Endpoint; onDone: (made: WithSecret) => unknown };

export function RotateForm({ endpoint, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<{ grace_hours: number }>({ initialValues: { grace_hours: USUAL_GRACE } });
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={t("webhooks.rotate.confirm")}
      onSubmit={(values, { idempotencyKey }) =>
        writeJson<WithSecret>("POST", `${endpointUrl(endpoint.id)}rotate_secret/`, values, { idempotencyKey })
      }
      onDone={onDone}
    >
      <Text size="sm">{t("webhooks.rotate.words")}</Text>
      <NumberInput
        label={t("webhooks.rotate.grace")}
        description={t("webhooks.rotate.graceHint")}
        min={0}
        max={LONGEST_GRACE}
        allowDecimal={false}
        {...form.getInputProps("grace_hours")}
      />
    </FormShell>
  );
}
