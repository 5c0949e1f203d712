import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMailForward, IconPencil } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { type Move, type MoveRequest, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { JournalPanel } from "../../../ui/JournalPanel";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { Addresses } from "../../../ui/person/Addresses";
import { IdentityDocuments } from "../../../ui/person/IdentityDocuments";
import { StatusBadge } from "../../../ui/StatusBadge";
import { PersonForm } from "../forms/PersonForm";
import { ActAs } from "../parts/ActAs";
import { Contacts } from "../parts/Contacts";
import { Photo } from "../parts/Photo";
import { Roles } from "../parts/Roles";
import { type Account, accountOf, PEOPLE, type Person, recordQuery } from "../queries";

const route = getRouteApi("/shell/directory/people/$id");

export function PersonPage() {
  const { t } = useTranslation();
  const can = useCan();
  const me = useMe();
  const { id } = route.useParams();
  const { data: person } = useSuspenseQuery(recordQuery<Person>(PEOPLE, id));
  const [isOpen, { open, close }] = useDisclosure(false);
  const isSelf = me.person?.id === person.id;
  const mayEdit = can("person.edit") && (isSelf || can("person.deactivate"));
  return (
    <>
      <PageHeader
        title={person.name}
        heading={<Bidi>{person.name}</Bidi>}
        badge={<StatusBadge status={person.is_active ? "active" : "inactive"} />}
        lead={person.name_latin && <Code>{person.name_latin}</Code>}
        up={<AnchorLink to="/directory/people">{t("directory.person.title")}</AnchorLink>}
        actions={
          <>
            {can("invitation.send") && person.is_active && (
              <ButtonLink
                to="/administration/invitations"
                search={{ person: String(person.id) }}
                variant="default"
                leftSection={<IconMailForward size={16} />}
              >
                {person.has_account
                  ? t("directory.person.newPassword")
                  : accountOf(person) === "invited"
                    ? t("directory.person.inviteAgain")
                    : t("directory.person.invite")}
              </ButtonLink>
            )}
            {can("person.impersonate") &&
              !me.impersonation &&
              !isSelf &&
              person.is_active &&
              person.user_id && <ActAs name={person.name} userId={person.user_id} />}
            {can("person.deactivate") && !isSelf && <Activity person={person} />}
          </>
        }
      />
      <Columns
        side={
          <>
            <Roles person={person} />
            {(can("journal.view") || isSelf) && (
              <JournalPanel title={t("directory.timeline")} url={`${PEOPLE}${person.id}/timeline/`} />
            )}
          </>
        }
      >
        <Panel
          title={t("directory.person.record")}
          actions={
            mayEdit && (
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPencil size={16} />}
                onClick={open}
              >
                {t("ui.edit")}
              </Button>
            )
          }
        >
          <Photo person={person} mayEdit={mayEdit} />
          <Record person={person} />
        </Panel>
        {person.contacts && (
          <Contacts person={person} contacts={person.contacts} mayEdit={can("contact.edit")} />
        )}
        {person.contacts && can("contact.edit") && <Addresses person={person.id} mayEdit />}
        {can("identity.view") && (isSelf || can("identity.verify")) && (
          <IdentityDocuments person={person.id} />
        )}
      </Columns>
      <FormDialog title={t("directory.person.edit")} opened={isOpen} onClose={close}>
        <PersonForm key={person.version} person={person} onDone={close} />
      </FormDialog>
    </>
  );
}

/** Ends every role and session at once, or takes the person in again. */
function Activity({ person }: { person: Person }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const url = `${PEOPLE}${person.id}/`;
  const { mutateAsync } = useMove({ url, version: person.version, invalidate: [[url], [PEOPLE]] });
  const perform = async (request: MoveRequest) => {
    await mutateAsync(request);
    await queryClient.invalidateQueries({ queryKey: [`${url}timeline/`] });
  };
  const move: Move = {
    name: person.is_active ? "deactivate" : "reactivate",
    label: person.is_active ? t("ui.move.deactivate") : t("ui.move.reactivate"),
    allowed: true,
    missing: [],
    needs_reason: true,
    warnings: person.is_active
      ? [
          {
            code: "ends_all",
            label: t("directory.person.deactivateHint"),
            detail: "",
            severity: "warn",
            where: null,
          },
        ]
      : [],
  };
  return <MoveButtons moves={[move]} onMove={perform} primary="" />;
}

function Record({ person }: { person: Person }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const accounts: Record<Account, string | null> = {
    hidden: null,
    there: t("ui.yes"),
    invited: t("directory.person.invitedHint"),
    none: t("directory.person.noAccount"),
  };
  const named = (value: string | null) => (value ? <Bidi>{value}</Bidi> : null);
  return (
    <Facts
      items={[
        { label: t("directory.person.given"), value: named(person.given_name) },
        { label: t("directory.person.family"), value: named(person.family_name) },
        { label: t("directory.person.father"), value: named(person.father_name) },
        {
          label: t("directory.person.birth"),
          value: person.date_of_birth ? format.date(person.date_of_birth) : null,
        },
        {
          label: t("directory.person.gender"),
          value: person.gender ? label("directory.gender", person.gender) : null,
        },
        {
          label: t("directory.person.nationalId"),
          value: person.national_id ? <Code>{person.national_id}</Code> : null,
        },
        {
          label: t("directory.person.account"),
          value: accounts[accountOf(person)],
        },
        {
          label: t("directory.person.username"),
          value: person.proposed_username ? <Code>{person.proposed_username}</Code> : null,
        },
      ]}
    />
  );
}
