import { ActionIcon, Group, Indicator, Kbd, UnstyledButton } from "@mantine/core";
import { openSpotlight } from "@mantine/spotlight";
import { IconInbox, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../api/me";
import { WordMark } from "../ui/WordMark";
import classes from "./HeaderBar.module.css";
import { NotificationBell } from "./NotificationBell";
import { UserMenu } from "./UserMenu";

const isMac = navigator.userAgent.includes("Mac");

export function HeaderBar() {
  const { t } = useTranslation();
  const { open_inbox_items } = useMe();
  const may = useCan();
  return (
    <div className={classes.bar}>
      <Link to="/" className={classes.mark}>
        <WordMark />
      </Link>
      <UnstyledButton className={classes.search} onClick={() => openSpotlight()}>
        <IconSearch size={16} aria-hidden="true" />
        <span>{t("app.search.placeholder")}</span>
        <Kbd size="xs" dir="ltr">
          {isMac ? "⌘ K" : "Ctrl K"}
        </Kbd>
      </UnstyledButton>
      <Group gap={4} wrap="nowrap">
        {may("inbox.view") && (
          <Indicator
            className={classes.inbox}
            label={open_inbox_items}
            disabled={open_inbox_items === 0}
            size={17}
            offset={5}
            color="saffron.4"
          >
            <ActionIcon
              component={Link}
              to="/inbox"
              variant="subtle"
              color="gray"
              aria-label={t("app.header.inbox", { count: open_inbox_items })}
            >
              <IconInbox size={20} stroke={1.6} />
            </ActionIcon>
          </Indicator>
        )}
        {may("notification.view") && <NotificationBell />}
        <UserMenu />
      </Group>
    </div>
  );
}
