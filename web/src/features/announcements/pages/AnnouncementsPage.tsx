import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { isRaised, Priority } from "../../../ui/Priority";
import { StatusBadge } from "../../../ui/StatusBadge";
import { ANNOUNCEMENTS, type ListedAnnouncement, STATUSES } from "../queries";

const route = getRouteApi("/shell/announcements");

export function AnnouncementsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const columns = useColumns();
  const compose = (
    <ButtonLink to="/announcements/new" leftSection={<IconPlus size={16} aria-hidden="true" />}>
      {t("announcements.compose")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={t("announcements.title")}
        lead={t("announcements.lead")}
        actions={
          <>
            <ButtonLink to="/board" variant="default">
              {t("announcements.board.open")}
            </ButtonLink>
            {compose}
          </>
        }
      />
      <DataTable
        path={ANNOUNCEMENTS}
        caption={t("announcements.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/announcements/$id", params: { id: String(row.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("announcements.fields.status"),
            options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{
          title: t("announcements.empty"),
          detail: t("announcements.emptyDetail"),
          action: compose,
        }}
      />
    </>
  );
}

function useColumns(): Column<ListedAnnouncement>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo<Column<ListedAnnouncement>[]>(
    () => [
      {
        id: "title",
        header: t("announcements.fields.title"),
        sort: "title",
        cell: (row) => <Bidi>{row.title}</Bidi>,
      },
      {
        id: "status",
        header: t("announcements.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "priority",
        header: t("announcements.fields.priority"),
        cell: (row) => isRaised(row.priority) && <Priority value={row.priority} />,
      },
      {
        id: "category",
        header: t("announcements.fields.category"),
        cell: (row) => row.category && <Bidi>{row.category}</Bidi>,
      },
      {
        id: "by",
        header: t("announcements.fields.by"),
        cell: (row) => <Bidi>{row.created_by_name}</Bidi>,
      },
      {
        id: "sent_at",
        header: t("announcements.fields.sent_at"),
        sort: "sent_at",
        cell: (row) =>
          row.sent_at ? (
            <Moment at={row.sent_at} />
          ) : (
            row.status === "scheduled" &&
            row.publish_at &&
            t("announcements.dueAt", { moment: format.dateTime(row.publish_at) })
          ),
      },
      {
        id: "recipients",
        header: t("announcements.fields.recipients"),
        align: "end",
        cell: (row) => row.recipients_count !== null && format.number(row.recipients_count),
      },
    ],
    [t, format],
  );
}
