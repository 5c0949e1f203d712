import { Badge, Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { NOTIFICATIONS, useReadAll, useReadNotification } from "../../../api/notifications";
import type { Row } from "../../../api/types";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { ServerLink } from "../../../ui/ServerLink";
import classes from "./NotificationsPage.module.css";

type Notice = Row<typeof NOTIFICATIONS>;

const route = getRouteApi("/shell/notifications");

export function NotificationsPage() {
  const { t } = useTranslation();
  const { unread_notifications } = useMe();
  const { mutate: read } = useReadNotification();
  const readAll = useReadAll();
  const columns = useMemo<Column<Notice>[]>(
    () => [
      {
        id: "title",
        header: t("notifications.columns.title"),
        cell: (notice) => (
          <ServerLink
            url={notice.url}
            className={classes.notice}
            onClick={() => notice.read_at === null && read(notice.id)}
          >
            <strong>
              <Bidi>{notice.title}</Bidi>
            </strong>
            {notice.body && <Bidi>{notice.body}</Bidi>}
          </ServerLink>
        ),
      },
      {
        id: "created_at",
        header: t("notifications.columns.when"),
        cell: (notice) => <Moment at={notice.created_at} />,
      },
      {
        id: "read_at",
        header: t("notifications.columns.state"),
        align: "end",
        cell: (notice) =>
          notice.read_at ? (
            t("notifications.read")
          ) : (
            <span className={classes.state}>
              <Badge color="saffron">{t("notifications.unread")}</Badge>
              <Button size="compact-xs" variant="subtle" onClick={() => read(notice.id)}>
                {t("notifications.markRead")}
              </Button>
            </span>
          ),
      },
    ],
    [t, read],
  );
  return (
    <>
      <PageHeader
        title={t("notifications.title")}
        lead={t("notifications.lead")}
        actions={
          <Button
            variant="default"
            disabled={unread_notifications === 0}
            loading={readAll.isPending}
            onClick={() => readAll.mutate()}
          >
            {t("notifications.markAll")}
          </Button>
        }
      />
      <DataTable
        path={NOTIFICATIONS}
        caption={t("notifications.title")}
        columns={columns}
        rowId={(notice) => notice.id}
        search={route.useSearch()}
        filters={[
          {
            name: "unread",
            label: t("notifications.filters.unread"),
            options: [{ value: "true", label: t("notifications.filters.onlyUnread") }],
          },
        ]}
        isSearchable={false}
        isExportable={false}
        empty={{
          title: t("notifications.empty.title"),
          detail: t("notifications.empty.detail"),
          action: (
            <Button component={Link} to="/" variant="default">
              {t("notifications.empty.action")}
            </Button>
          ),
        }}
      />
    </>
  );
}
