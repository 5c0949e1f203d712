import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { LeaveForm } from "../forms/LeaveForm";
import { LEAVE_KINDS, LEAVE_STATUSES, LEAVES, type ListedLeave } from "../queries";

const route = getRouteApi("/shell/directory/leave");

export function LeavesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<ListedLeave>[]>(
    () => [
      {
        id: "person",
        header: t("directory.leave.who"),
        sort: "person__name",
        cell: (leave) => <Bidi>{leave.person.name}</Bidi>,
      },
      {
        id: "kind",
        header: t("directory.fields.kind"),
        cell: (leave) => label("directory.leaveKind", leave.kind),
      },
      {
        id: "start",
        header: t("directory.leave.first"),
        sort: "start_date",
        cell: (leave) => format.date(leave.start_date),
      },
      {
        id: "end",
        header: t("directory.leave.last"),
        sort: "end_date",
        cell: (leave) => (leave.end_date ? format.date(leave.end_date) : t("directory.leave.ongoing")),
      },
      {
        id: "reason",
        header: t("directory.leave.reason"),
        isExtra: true,
        cell: (leave) => <Bidi>{leave.reason}</Bidi>,
      },
      {
        id: "asked",
        header: t("directory.leave.asked"),
        cell: (leave) => <Moment at={leave.created_at} />,
      },
      {
        id: "status",
        header: t("directory.fields.status"),
        sort: "status",
        cell: (leave) => <StatusBadge status={leave.status} />,
      },
    ],
    [t, label, format],
  );
  const ask = can("leave.request") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("directory.leave.ask")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("directory.leave.title")} lead={t("directory.leave.lead")} actions={ask} />
      <DataTable
        path={LEAVES}
        caption={t("directory.leave.title")}
        columns={columns}
        rowId={(leave) => leave.id}
        rowLink={(leave) => linkOptions({ to: "/directory/leave/$id", params: { id: String(leave.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("directory.fields.status"),
            options: LEAVE_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
          {
            name: "kind",
            label: t("directory.fields.kind"),
            options: LEAVE_KINDS.map((value) => ({ value, label: label("directory.leaveKind", value) })),
          },
        ]}
        empty={{
          title: t("directory.leave.empty"),
          detail: t("directory.leave.emptyDetail"),
          action: ask,
        }}
      />
      <FormDialog title={t("directory.leave.ask")} opened={isOpen} onClose={close}>
        <LeaveForm
          onDone={({ id }) => navigate({ to: "/directory/leave/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}
