import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import type { Row } from "../../../api/types";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { PersonForm } from "../forms/PersonForm";
import { accountOf, DEPARTMENTS, PEOPLE, ROLES } from "../queries";

type Listed = Row<typeof PEOPLE>;
const route = getRouteApi("/shell/directory/people");

const contactOf = (person: Listed, kind: string) => {
  const found = (person.contacts ?? []).filter((contact) => contact.kind === kind);
  return (found.find((contact) => contact.is_primary) ?? found[0])?.value;
};

export function PeoplePage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const departments = useOptions(DEPARTMENTS, (row) => row.name);
  const columns = useMemo<Column<Listed>[]>(
    () => [
      {
        id: "name",
        header: t("directory.fields.name"),
        sort: "name",
        cell: (person) => <Bidi>{person.name}</Bidi>,
      },
      {
        id: "roles",
        header: t("directory.person.roles"),
        cell: (person) =>
          [...new Set((person.roles ?? []).map(({ role }) => role))]
            .map((role) => label("app.roles", role))
            .join(", "),
      },
      {
        id: "place",
        header: t("directory.fields.department"),
        cell: (person) => (
          <Bidi>
            {[...new Set((person.roles ?? []).map((each) => each.scope_name))].filter(Boolean).join(", ")}
          </Bidi>
        ),
      },
      {
        id: "phone",
        header: t("directory.contactKind.phone"),
        cell: (person) => <Contacted value={contactOf(person, "phone")} />,
      },
      {
        id: "email",
        header: t("directory.contactKind.email"),
        cell: (person) => <Contacted value={contactOf(person, "email")} />,
      },
      {
        id: "account",
        header: t("directory.person.account"),
        cell: (person) => {
          const said = {
            hidden: "–",
            there: t("ui.yes"),
            invited: t("directory.person.invited"),
            none: t("ui.no"),
          };
          return said[accountOf(person)];
        },
      },
      {
        id: "active",
        header: t("directory.fields.status"),
        cell: (person) => <StatusBadge status={person.is_active ? "active" : "inactive"} />,
      },
    ],
    [t, label],
  );
  const create = can("membership.grant", "person.deactivate") && can("person.edit") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("directory.person.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("directory.person.title")} lead={t("directory.person.lead")} actions={create} />
      <DataTable
        path={PEOPLE}
        caption={t("directory.person.title")}
        columns={columns}
        rowId={(person) => person.id}
        rowLink={(person) => linkOptions({ to: "/directory/people/$id", params: { id: String(person.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "role",
            label: t("directory.person.role"),
            options: ROLES.map((value) => ({ value, label: label("app.roles", value) })),
          },
          { name: "department", label: t("directory.fields.department"), options: departments },
          {
            name: "is_active",
            label: t("directory.fields.status"),
            options: [
              { value: "true", label: t("ui.status.active") },
              { value: "false", label: t("ui.status.inactive") },
            ],
          },
        ]}
        isExportable={can("contact.view")}
        empty={{
          title: t("directory.person.empty"),
          detail: t("directory.person.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog title={t("directory.person.create")} opened={isOpen} onClose={close}>
        <PersonForm
          onDone={({ id }) => navigate({ to: "/directory/people/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}

function Contacted({ value }: { value: string | undefined }) {
  return value ? <Code>{value}</Code> : null;
}
