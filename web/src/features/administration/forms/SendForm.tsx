import { Button, Stack, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getJson } from "../../../api/transport";
import type { Answer } from "../../../api/types";
import { Bidi } from "../../../ui/Bidi";
import { CopyField } from "../../../ui/CopyField";
import { FormShell } from "../../../ui/FormShell";
import { Notice } from "../../../ui/Notice";
import { QrCode } from "../../../ui/QrCode";
import { PersonSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { Slips } from "../parts/Slips";
import { INVITATIONS, PEOPLE, type Sent, send } from "../queries";
import { outcomeOf } from "../slips";

type Person = Answer<"/api/v1/directory/persons/{pk}/", "get">;

/** One invitation: by mail where there is an address, else a link that is shown this once. */
export function SendForm({ person }: { person: number | null }) {
  const { t } = useTranslation();
  const saved = useSaved(INVITATIONS, PEOPLE);
  const [sent, setSent] = useState<Sent | null>(null);
  const known = useQuery({
    queryKey: [`${PEOPLE}${person}/`],
    queryFn: ({ signal }) => getJson<Person>(`${PEOPLE}${person}/`, signal),
    enabled: person !== null,
  });
  const form = useForm<{ person: number | null; email: string }>({
    initialValues: { person, email: "" },
    validate: { person: isNotEmpty(t("administration.needed")) },
  });
  if (sent) return <SentOnce sent={sent} />;
  return (
    <FormShell
      form={form}
      submitLabel={t("administration.invitation.send")}
      onSubmit={(values, { idempotencyKey }) => send(values, idempotencyKey)}
      onDone={async (result) => {
        setSent(result);
        await saved();
      }}
    >
      <PersonSelect
        key={known.data?.id}
        label={t("administration.fields.person")}
        required
        chosenLabel={known.data?.name}
        {...form.getInputProps("person")}
      />
      <TextInput
        label={t("administration.invitation.email")}
        description={t("administration.invitation.emailHint")}
        type="email"
        dir="ltr"
        {...form.getInputProps("email")}
      />
      <Text size="xs" c="dimmed">
        {t("administration.invitation.voids")}
      </Text>
    </FormShell>
  );
}

function SentOnce({ sent }: { sent: Sent }) {
  const { t } = useTranslation();
  const outcome = outcomeOf({ person: sent.person.id, name: sent.person.name, about: "" }, sent);
  if (outcome.kind !== "slip") {
    return (
      <Notice tone="good" role="status">
        {t("administration.invitation.mailed")} <Bidi>{sent.email}</Bidi>
      </Notice>
    );
  }
  return (
    <Stack gap="md" align="stretch">
      <Notice tone="wait" role="status">
        {t("administration.invitation.once", { name: sent.person.name })}
      </Notice>
      <CopyField label={t("administration.invitation.link")} value={outcome.slip.link} />
      <div style={{ display: "grid", justifyItems: "center" }}>
        <QrCode text={outcome.slip.link} label={t("administration.invitation.qr")} />
      </div>
      <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
        {t("administration.invitation.print")}
      </Button>
      <Slips slips={[outcome.slip]} />
    </Stack>
  );
}
