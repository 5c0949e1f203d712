import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { DateField } from "../../../ui/DateField";
import { FormShell } from "../../../ui/FormShell";
import { useSaved } from "../../../ui/useSaved";
import { MEMBERSHIPS, type Membership, PEOPLE } from "../queries";
import { reworded } from "../reworded";

type Props = { membership: Membership; onDone: () => unknown };

export function EndMembershipForm({ membership, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(MEMBERSHIPS, PEOPLE);
  const form = useForm<{ to_date: string | null; reason: string }>({
    initialValues: { to_date: null, reason: "" },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("administration.membership.end")}
      onSubmit={async (values, { idempotencyKey }) => {
        try {
          const url = `${MEMBERSHIPS}${membership.id}/moves/end/`;
          return await writeJson("POST", url, values, { idempotencyKey });
        } catch (error) {
          throw reworded(error, { last_admin: t("administration.membership.lastAdmin") });
        }
      }}
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <Text size="sm">
        {t("administration.membership.endWords", {
          name: membership.person.name,
          role: label("app.roles", membership.role),
        })}
      </Text>
      <DateField
        label={t("administration.membership.lastDay")}
        description={t("administration.membership.lastDayHint")}
        {...form.getInputProps("to_date")}
      />
      <TextInput label={t("administration.fields.reason")} dir="auto" {...form.getInputProps("reason")} />
    </FormShell>
  );
}
