import { Button, Checkbox } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { createContext, useContext, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { NOTIFICATIONS, useMarkRead, useReadNotification, useUnreadCount } from "../../../api/notifications";
import type { Row } from "../../../api/types";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { noticeBody } from "../../../ui/noticeBody";
import { PageHeader } from "../../../ui/PageHeader";
import { isRaised, Priority } from "../../../ui/Priority";
import { ServerLink } from "../../../ui/ServerLink";
import { FAMILIES } from "../queries";
import classes from "./NotificationsPage.module.css";

type Notice = Row<typeof NOTIFICATIONS>;

const route = getRouteApi("/shell/notifications");

type Choice = { chosen: ReadonlySet<number>; choose: (id: number, isChosen: boolean) => void };
/** Beside the columns, which stay the same while one chooses, so that a box keeps the focus. */
const ChoiceContext = createContext<Choice>({ chosen: new Set(), choose: () => undefined });

export function NotificationsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const unread = useUnreadCount();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const markRead = useMarkRead();
  const mark = (which: number[] | "all") => markRead.mutate(which, { onSuccess: () => setChosen(new Set()) });
  const columns = useColumns();
  const choose = (id: number, isChosen: boolean) =>
    setChosen((before) => new Set(isChosen ? [...before, id] : [...before].filter((each) => each !== id)));
  return (
    <ChoiceContext value={{ chosen, choose }}>
      <PageHeader
        title={t("notifications.title")}
        lead={t("notifications.lead")}
        actions={
          <>
            <ButtonLink
              to="/notifications/preferences"
              variant="default"
              leftSection={<IconAdjustments size={16} aria-hidden="true" />}
            >
              {t("notifications.preferences.open")}
            </ButtonLink>
            <Button
              variant="default"
              disabled={unread === 0}
              loading={markRead.isPending}
              onClick={() => mark("all")}
            >
              {t("notifications.markAll")}
            </Button>
          </>
        }
      />
      {markRead.error && <ErrorPanel error={markRead.error} />}
      <DataTable
        path={NOTIFICATIONS}
        caption={t("notifications.title")}
        columns={columns}
        rowId={(notice) => notice.id}
        search={route.useSearch()}
        filters={[
          {
            name: "family",
            label: t("notifications.filters.family"),
            options: FAMILIES.map((value) => ({ value, label: label("notifications.family", value) })),
          },
          {
            name: "unread",
            label: t("notifications.filters.unread"),
            options: [{ value: "true", label: t("notifications.filters.onlyUnread") }],
          },
        ]}
        actions={
          chosen.size > 0 && (
            <Button loading={markRead.isPending} onClick={() => mark([...chosen])}>
              {t("notifications.markChosen", { count: chosen.size })}
            </Button>
          )
        }
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
    </ChoiceContext>
  );
}

function ChoiceBox({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const { chosen, choose } = useContext(ChoiceContext);
  return (
    <Checkbox
      aria-label={t("notifications.choose", { title: notice.title })}
      disabled={notice.read_at !== null}
      checked={chosen.has(notice.id)}
      onChange={(event) => choose(notice.id, event.currentTarget.checked)}
    />
  );
}

function useColumns(): Column<Notice>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const { mutate: read } = useReadNotification();
  return useMemo<Column<Notice>[]>(
    () => [
      {
        id: "title",
        header: t("notifications.columns.title"),
        cell: (notice) => (
          <span className={classes.choice}>
            <ChoiceBox notice={notice} />
            <ServerLink
              url={notice.url}
              className={classes.notice}
              onClick={() => notice.read_at === null && read(notice.id)}
            >
              <strong>
                <Bidi>{notice.title}</Bidi>
              </strong>
              {notice.body && (
                <span className={classes.body}>
                  <Bidi>{noticeBody(notice)}</Bidi>
                </span>
              )}
            </ServerLink>
          </span>
        ),
      },
      {
        id: "family",
        header: t("notifications.columns.family"),
        cell: (notice) => notice.family && label("notifications.family", notice.family),
      },
      {
        id: "priority",
        header: t("notifications.columns.priority"),
        cell: (notice) => isRaised(notice.priority) && <Priority value={notice.priority} />,
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
            <Button size="compact-xs" variant="light" onClick={() => read(notice.id)}>
              {t("notifications.markRead")}
            </Button>
          ),
      },
    ],
    [t, label, read],
  );
}
