import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { TypeForm } from "../forms/TypeForm";
import { HANDLER_ROLES, type RequestType, TYPES } from "../queries";

const route = getRouteApi("/shell/administration/request-types");

export function TypesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const [asked, setAsked] = useState<RequestType | "new" | null>(null);
  const mayManage = can("request_type.manage");
  const columns = useMemo<Column<RequestType>[]>(
    () => [
      {
        id: "name",
        header: t("requests.types.name"),
        sort: "name",
        cell: (row) =>
          mayManage ? (
            <Button variant="transparent" size="compact-sm" p={0} onClick={() => setAsked(row)}>
              <Bidi>{row.name}</Bidi>
            </Button>
          ) : (
            <Bidi>{row.name}</Bidi>
          ),
      },
      {
        id: "code",
        header: t("requests.types.code"),
        sort: "code",
        cell: (row) => <Code>{row.code}</Code>,
      },
      {
        id: "role",
        header: t("requests.types.role"),
        sort: "handler_role",
        cell: (row) => label("app.roles", row.handler_role),
      },
      {
        id: "demands",
        header: t("requests.types.demandsShort"),
        cell: (row) => (row.requires_attachment ? t("ui.yes") : t("ui.no")),
      },
      {
        id: "active",
        header: t("requests.fields.status"),
        sort: "is_active",
        cell: (row) => <StatusBadge status={row.is_active ? "active" : "inactive"} />,
      },
    ],
    [t, label, mayManage],
  );
  const create = mayManage && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked("new")}>
      {t("requests.types.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("requests.types.title")} lead={t("requests.types.lead")} actions={create} />
      <DataTable
        path={TYPES}
        caption={t("requests.types.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={route.useSearch()}
        filters={[
          {
            name: "handler_role",
            label: t("requests.types.role"),
            options: HANDLER_ROLES.map((value) => ({ value, label: label("app.roles", value) })),
          },
          {
            name: "is_active",
            label: t("requests.fields.status"),
            options: [
              { value: "true", label: label("ui.status", "active") },
              { value: "false", label: label("ui.status", "inactive") },
            ],
          },
        ]}
        empty={{ title: t("requests.types.empty"), detail: t("requests.types.emptyDetail"), action: create }}
      />
      <FormDialog
        title={asked === "new" ? t("requests.types.create") : t("requests.types.edit")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
      >
        {asked && <TypeForm type={asked === "new" ? undefined : asked} onDone={() => setAsked(null)} />}
      </FormDialog>
    </>
  );
}
