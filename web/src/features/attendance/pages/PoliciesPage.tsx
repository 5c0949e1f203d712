import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { PolicyForm } from "../forms/PolicyForm";
import { ScopeName } from "../parts/ScopeName";
import { type ListedPolicy, POLICIES, POLICY_STATUSES } from "../queries";

const route = getRouteApi("/shell/attendance/policies");

/** What attendance an exam needs, and how marks count: by scope and version. */
export function PoliciesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const create = can("attendance.policy") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("attendance.policies.create")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("attendance.policies.title")}
        lead={t("attendance.policies.lead")}
        actions={create}
      />
      <DataTable
        path={POLICIES}
        caption={t("attendance.policies.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/attendance/policies/$id", params: { id: String(row.id) } })}
        search={search}
        isSearchable={false}
        filters={[
          {
            name: "status",
            label: t("attendance.corrections.status"),
            options: POLICY_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{
          title: t("attendance.policies.empty"),
          detail: t("attendance.policies.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("attendance.policies.create")}>
        <PolicyForm
          onDone={(made) =>
            void navigate({ to: "/attendance/policies/$id", params: { id: String(made.id) } })
          }
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedPolicy>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo<Column<ListedPolicy>[]>(
    () => [
      {
        id: "scope",
        header: t("attendance.policies.scope"),
        sort: "scope",
        cell: (row) => <ScopeName scope={row.scope} />,
      },
      {
        id: "number",
        header: t("attendance.policies.version"),
        sort: "number",
        align: "end",
        cell: (row) => format.number(row.number),
      },
      {
        id: "status",
        header: t("attendance.corrections.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "from",
        header: t("attendance.policies.from"),
        sort: "effective_from",
        cell: (row) => format.date(row.effective_from),
      },
      {
        id: "threshold",
        header: t("attendance.standings.threshold"),
        align: "end",
        cell: (row) => <bdi dir="ltr">{format.number(Number(row.threshold))} %</bdi>,
      },
      {
        id: "excused",
        header: t("attendance.policies.excused"),
        cell: (row) => label("attendance.policies.excusing", row.excused),
      },
      {
        id: "late",
        header: t("attendance.policies.lateWeight"),
        align: "end",
        isExtra: true,
        cell: (row) => format.number(Number(row.late_weight)),
      },
    ],
    [t, label, format],
  );
}
