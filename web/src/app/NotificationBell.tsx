import { ActionIcon, Button, Divider, Group, Indicator, Popover, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/me";
import { unreadQuery, useReadAll, useReadNotification } from "../api/notifications";
import { Bidi } from "../ui/Bidi";
import { EmptyState } from "../ui/EmptyState";
import { ErrorPanel } from "../ui/ErrorPanel";
import { Moment } from "../ui/Moment";
import { ServerLink } from "../ui/ServerLink";
import { RowsSkeleton } from "../ui/Skeletons";
import classes from "./NotificationBell.module.css";

export function NotificationBell() {
  const { t } = useTranslation();
  const { unread_notifications } = useMe();
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
      <Indicator
        label={unread_notifications}
        disabled={unread_notifications === 0}
        size={17}
        offset={5}
        color="saffron.4"
      >
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("app.header.notifications", { count: unread_notifications })}
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
  const { data, error, isPending, refetch } = useQuery(unreadQuery);
  const read = useReadNotification();
  const readAll = useReadAll();
  const items = data?.results ?? [];
  return (
    <>
      <Group justify="space-between" px="md" py={8}>
        <Text fw={650}>{t("notifications.title")}</Text>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={items.length === 0}
          loading={readAll.isPending}
          onClick={() => readAll.mutate()}
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
                  {item.body && <Bidi>{item.body}</Bidi>}
                  <small>
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
