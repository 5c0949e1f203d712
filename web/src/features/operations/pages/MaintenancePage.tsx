import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { MaintenanceForm } from "../forms/MaintenanceForm";
import { type ListedWindow, overviewQuery, WINDOWS } from "../queries";

const route = getRouteApi("/shell/operations/maintenance");

export function MaintenancePage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<ListedWindow>[]>(
    () => [
      {
        id: "from",
        header: t("operations.maintenance.from"),
        sort: "planned_from",
        cell: (row) => format.dateTime(row.planned_from),
      },
      {
        id: "until",
        header: t("operations.maintenance.until"),
        sort: "until",
        cell: (row) => format.dateTime(row.until),
      },
      {
        id: "level",
        header: t("operations.maintenance.level"),
        cell: (row) => label("operations.level", row.level),
      },
      {
        id: "status",
        header: t("operations.jobs.status"),
        cell: (row) => (
          <StatusBadge status={row.status} label={label("operations.windowStatus", row.status)} />
        ),
      },
      {
        id: "message",
        header: t("operations.maintenance.message"),
        cell: (row) => <Bidi>{row.message}</Bidi>,
      },
      {
        id: "by",
        header: t("operations.maintenance.by"),
        isExtra: true,
        cell: (row) => <Bidi>{row.by}</Bidi>,
      },
    ],
    [t, label, format],
  );
  const plan = <Button onClick={open}>{t("operations.maintenance.new")}</Button>;
  return (
    <>
      <PageHeader
        title={t("operations.maintenance.title")}
        lead={t("operations.maintenance.lead")}
        actions={plan}
      />
      <DataTable
        path={WINDOWS}
        caption={t("operations.maintenance.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/operations/maintenance/$id", params: { id: String(row.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "is_over",
            label: t("operations.maintenance.over"),
            options: [
              { value: "false", label: t("operations.maintenance.stillToCome") },
              { value: "true", label: t("operations.maintenance.isOver") },
            ],
          },
        ]}
        empty={{ title: t("operations.maintenance.empty"), action: plan }}
      />
      <FormDialog title={t("operations.maintenance.new")} opened={isOpen} onClose={close}>
        <MaintenanceForm
          onDone={async (made) => {
            await queries.invalidateQueries({ queryKey: [WINDOWS] });
            await queries.invalidateQueries({ queryKey: overviewQuery.queryKey });
            await queries.invalidateQueries({ queryKey: meQuery.queryKey }); // the bar over every screen
            await navigate({ to: "/operations/maintenance/$id", params: { id: String(made.id) } });
          }}
        />
      </FormDialog>
    </>
  );
}
