import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { EndMembershipForm } from "../forms/EndMembershipForm";
import { GrantForm } from "../forms/GrantForm";
import { MEMBERSHIPS, type Membership, ROLES, SCOPES } from "../queries";

const route = getRouteApi("/shell/administration/memberships");

function stateOf(membership: Membership, today: string): "active" | "ended" | "upcoming" {
  if (membership.from_date > today) return "upcoming";
  return membership.to_date !== null && membership.to_date < today ? "ended" : "active";
}

export function MembershipsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  const search = route.useSearch();
  const [isGranting, setGranting] = useState(false);
  const [ending, setEnding] = useState<Membership | null>(null);
  const mayGrant = can("membership.grant");
  const columns = useMemo<Column<Membership>[]>(() => {
    const today = new Date().toISOString().slice(0, 10);
    return [
      {
        id: "person",
        header: t("administration.fields.person"),
        sort: "person__name",
        cell: (row) => (
          <AnchorLink to="/directory/people/$id" params={{ id: String(row.person.id) }} c="inherit" fw={600}>
            <Bidi>{row.person.name}</Bidi>
          </AnchorLink>
        ),
      },
      {
        id: "role",
        header: t("administration.fields.role"),
        sort: "role",
        cell: (row) => label("app.roles", row.role),
      },
      {
        id: "scope",
        header: t("administration.fields.scope"),
        cell: (row) => <Bidi>{row.scope_name || label("administration.scope", row.scope_kind)}</Bidi>,
      },
      {
        id: "designation",
        header: t("administration.fields.designation"),
        cell: (row) => row.designation && <Bidi>{row.designation}</Bidi>,
      },
      {
        id: "from",
        header: t("administration.fields.from"),
        sort: "from_date",
        cell: (row) => format.date(row.from_date),
      },
      {
        id: "to",
        header: t("administration.fields.to"),
        sort: "to_date",
        cell: (row) => row.to_date && format.date(row.to_date),
      },
      {
        id: "state",
        header: t("administration.fields.state"),
        cell: (row) => <StatusBadge status={stateOf(row, today)} />,
      },
      {
        id: "acts",
        header: "",
        align: "end",
        cell: (row) =>
          mayGrant &&
          stateOf(row, today) !== "ended" && (
            <Button size="compact-xs" variant="subtle" onClick={() => setEnding(row)}>
              {t("administration.membership.end")}
            </Button>
          ),
      },
    ];
  }, [t, label, format, mayGrant]);
  const grant = mayGrant && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setGranting(true)}>
      {t("administration.membership.grant")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("administration.membership.title")}
        lead={t("administration.membership.lead")}
        actions={grant}
      />
      <DataTable
        path={MEMBERSHIPS}
        caption={t("administration.membership.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={search}
        defaults={{ active: "true" }}
        filters={[
          {
            name: "role",
            label: t("administration.fields.role"),
            options: ROLES.map((value) => ({ value, label: label("app.roles", value) })),
          },
          {
            name: "scope_kind",
            label: t("administration.fields.scope"),
            options: SCOPES.map((value) => ({ value, label: label("administration.scope", value) })),
          },
          {
            name: "active",
            label: t("administration.fields.state"),
            options: [
              { value: "true", label: t("administration.membership.now") },
              { value: "false", label: t("administration.membership.past") },
            ],
          },
        ]}
        empty={{
          title: t("administration.membership.empty"),
          detail: t("administration.membership.emptyDetail"),
          action: grant,
        }}
      />
      <FormDialog
        title={t("administration.membership.grant")}
        opened={isGranting}
        onClose={() => setGranting(false)}
      >
        <GrantForm person={search.person ? Number(search.person) : null} onDone={() => setGranting(false)} />
      </FormDialog>
      <FormDialog
        title={t("administration.membership.end")}
        opened={ending !== null}
        onClose={() => setEnding(null)}
        size="md"
      >
        {ending && <EndMembershipForm membership={ending} onDone={() => setEnding(null)} />}
      </FormDialog>
    </>
  );
}
