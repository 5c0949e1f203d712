import { Badge, Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { FormDialog } from "../../../ui/FormDialog";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { ContactForm } from "../forms/ContactForm";
import { CONTACTS, type Contact, PEOPLE, type Person } from "../queries";

type Props = { person: Person; contacts: Contact[]; mayEdit: boolean };

export function Contacts({ person, contacts, mayEdit }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSaved(PEOPLE, CONTACTS);
  const [asked, setAsked] = useState<Contact | "new" | null>(null);
  return (
    <Panel
      flush
      title={t("directory.contact.title")}
      actions={
        mayEdit && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAsked("new")}
          >
            {t("ui.add")}
          </Button>
        )
      }
    >
      <SmallTable
        caption={t("directory.contact.title")}
        rows={contacts}
        rowId={(contact) => contact.id}
        empty={t("directory.contact.empty")}
        columns={[
          {
            id: "kind",
            header: t("directory.fields.kind"),
            cell: (contact) => label("directory.contactKind", contact.kind),
          },
          {
            id: "value",
            header: t("directory.contact.value"),
            cell: (contact) => (
              <Group gap="xs">
                <Code>{contact.value}</Code>
                {contact.is_primary && (
                  <Badge size="sm" variant="light">
                    {t("directory.contact.primary")}
                  </Badge>
                )}
                {contact.is_verified && (
                  <Badge size="sm" variant="light" color="leaf">
                    {t("directory.contact.verified")}
                  </Badge>
                )}
              </Group>
            ),
          },
          {
            id: "label",
            header: t("directory.contact.label"),
            cell: (contact) => <Bidi>{contact.label}</Bidi>,
          },
          {
            id: "acts",
            header: "",
            align: "end",
            cell: (contact) =>
              mayEdit && (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <Button size="compact-xs" variant="subtle" onClick={() => setAsked(contact)}>
                    {t("ui.edit")}
                  </Button>
                  <ConfirmButton
                    size="compact-xs"
                    variant="subtle"
                    color="madder"
                    title={t("directory.contact.delete")}
                    question={<Code>{contact.value}</Code>}
                    confirm={t("ui.delete")}
                    act={() => writeJson("DELETE", `${CONTACTS}${contact.id}/`)}
                    onDone={saved}
                  >
                    {t("ui.delete")}
                  </ConfirmButton>
                </Group>
              ),
          },
        ]}
      />
      <FormDialog
        title={t("directory.contact.title")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="md"
      >
        <ContactForm
          person={person.id}
          contact={asked === "new" || asked === null ? undefined : asked}
          onDone={async () => {
            await saved();
            setAsked(null);
          }}
        />
      </FormDialog>
    </Panel>
  );
}
