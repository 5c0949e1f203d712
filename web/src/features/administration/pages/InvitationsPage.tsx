import { Button, Group } from "@mantine/core";
import { IconPrinter, IconSend } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { SendForm } from "../forms/SendForm";
import { INVITATIONS, type Invitation, PURPOSES } from "../queries";

const route = getRouteApi("/shell/administration/invitations");

export function InvitationsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const search = route.useSearch();
  // A person's page leads here to invite that very person.
  const [isSending, setSending] = useState(Boolean(search.person));
  const columns = useMemo<Column<Invitation>[]>(
    () => [
      {
        id: "person",
        header: t("administration.fields.person"),
        sort: "person__name",
        cell: (row) => <Bidi>{row.person.name}</Bidi>,
      },
      {
        id: "purpose",
        header: t("administration.invitation.purpose"),
        cell: (row) => label("administration.purpose", row.purpose),
      },
      {
        id: "email",
        header: t("administration.invitation.way"),
        cell: (row) => (row.email ? <Code>{row.email}</Code> : t("administration.invitation.slip")),
      },
      {
        id: "created",
        header: t("administration.invitation.sent"),
        sort: "created_at",
        cell: (row) => <Moment at={row.created_at} />,
      },
      {
        id: "expires",
        header: t("administration.invitation.until"),
        sort: "expires_at",
        cell: (row) => format.date(row.expires_at),
      },
      {
        id: "state",
        header: t("administration.fields.state"),
        cell: (row) => <StatusBadge status={row.state} />,
      },
    ],
    [t, label, format],
  );
  const actions = (
    <Group gap="xs">
      <ButtonLink
        to="/administration/invitations/slips"
        variant="default"
        leftSection={<IconPrinter size={16} />}
      >
        {t("administration.invitation.many")}
      </ButtonLink>
      <Button leftSection={<IconSend size={16} />} onClick={() => setSending(true)}>
        {t("administration.invitation.send")}
      </Button>
    </Group>
  );
  return (
    <>
      <PageHeader
        title={t("administration.invitation.title")}
        lead={t("administration.invitation.lead")}
        actions={actions}
      />
      <DataTable
        path={INVITATIONS}
        caption={t("administration.invitation.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={search}
        filters={[
          {
            name: "purpose",
            label: t("administration.invitation.purpose"),
            options: PURPOSES.map((value) => ({ value, label: label("administration.purpose", value) })),
          },
        ]}
        empty={{
          title: t("administration.invitation.empty"),
          detail: t("administration.invitation.emptyDetail"),
          action: actions,
        }}
      />
      <FormDialog
        title={t("administration.invitation.send")}
        opened={isSending}
        onClose={() => setSending(false)}
        size="md"
      >
        <SendForm person={search.person ? Number(search.person) : null} />
      </FormDialog>
    </>
  );
}
