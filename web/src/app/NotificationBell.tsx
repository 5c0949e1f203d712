import { ActionIcon, Button, Divider, Group, Indicator, Popover, ScrollArea, Text } from "@mantine/core";
import { useDisclosure, useWindowEvent } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import {
  unreadQuery,
  useMarkRead,
  useReadNotification,
  useRecount,
  useUnreadCount,
} from "../api/notifications";
import { Bidi } from "../ui/Bidi";
import { EmptyState } from "../ui/EmptyState";
import { ErrorPanel } from "../ui/ErrorPanel";
import { Moment } from "../ui/Moment";
import { noticeBody } from "../ui/noticeBody";
import { isRaised, Priority } from "../ui/Priority";
import { ServerLink } from "../ui/ServerLink";
import { RowsSkeleton } from "../ui/Skeletons";
import classes from "./NotificationBell.module.css";

export function NotificationBell() {
  const { t } = useTranslation();
  const unread = useUnreadCount();
  // A window that was merely covered by another one was never hidden.
  useWindowEvent("focus", useRecount());
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="bottom-end"
      width={380}
      shadow="lg"
      trapFocus
    >
      <Indicator label={unread} disabled={unread === 0} size={17} offset={5} color="saffron.4">
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("app.header.notifications", { count: unread })}
            onClick={toggle}
          >
            <IconBell size={20} stroke={1.6} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} className={classes.panel}>
        <UnreadPanel onClose={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function UnreadPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery({ ...unreadQuery, refetchOnMount: "always" });
  const read = useReadNotification();
  const markRead = useMarkRead();
  const items = data?.results ?? [];
  return (
    <>
      <Group justify="space-between" px="md" py={8}>
        <Text fw={650}>{t("notifications.title")}</Text>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={items.length === 0}
          loading={markRead.isPending}
          onClick={() => markRead.mutate("all")}
        >
          {t("notifications.markAll")}
        </Button>
      </Group>
      <Divider />
      <ScrollArea.Autosize mah={400}>
        {error ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <RowsSkeleton rows={3} />
        ) : items.length === 0 ? (
          <EmptyState title={t("notifications.panelEmpty")} />
        ) : (
          <ul className={classes.list}>
            {items.map((item) => (
              <li key={item.id}>
                <ServerLink
                  url={item.url}
                  className={classes.item}
                  onClick={() => {
                    read.mutate(item.id);
                    onClose();
                  }}
                >
                  <strong>
                    <Bidi>{item.title}</Bidi>
                  </strong>
                  {item.body && (
                    <span className={classes.body}>
                      <Bidi>{noticeBody(item)}</Bidi>
                    </span>
                  )}
                  <small className={classes.meta}>
                    {isRaised(item.priority) && <Priority value={item.priority} />}
                    <Moment at={item.created_at} />
                  </small>
                </ServerLink>
              </li>
            ))}
          </ul>
        )}
      </ScrollArea.Autosize>
      <Divider />
      <Button component={Link} to="/notifications" variant="subtle" fullWidth radius={0} onClick={onClose}>
        {t("notifications.all")}
      </Button>
    </>
  );
}
