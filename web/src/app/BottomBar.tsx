import { openSpotlight } from "@mantine/spotlight";
import { IconInbox, IconMenu2, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../api/me";
import classes from "./BottomBar.module.css";
import { useNavigation } from "./navigation";

type Props = { isMoreOpen: boolean; onMore: () => void };

/** The phone's four doors: my week (or home), inbox, search, more. */
export function BottomBar({ isMoreOpen, onMore }: Props) {
  const { t } = useTranslation();
  const { open_inbox_items } = useMe();
  const isMember = useCan()("inbox.view");
  const items = useNavigation().flatMap((area) => area.items);
  const first = items.find((item) => item.key === "my_week") ?? items[0];
  return (
    <nav className={classes.bar} aria-label={t("app.nav.phone")}>
      {first && (
        <Link to={first.to} className={classes.door} activeOptions={{ exact: true }}>
          <first.icon size={22} stroke={1.6} aria-hidden="true" />
          {t(`app.nav.items.${first.key}`)}
        </Link>
      )}
      {isMember && (
        <Link to="/inbox" className={classes.door}>
          <span className={classes.icon} data-count={open_inbox_items || undefined}>
            <IconInbox size={22} stroke={1.6} aria-hidden="true" />
          </span>
          {t("app.nav.items.inbox")}
        </Link>
      )}
      <button type="button" className={classes.door} onClick={() => openSpotlight()}>
        <IconSearch size={22} stroke={1.6} aria-hidden="true" />
        {t("app.search.open")}
      </button>
      <button type="button" className={classes.door} aria-expanded={isMoreOpen} onClick={onMore}>
        <IconMenu2 size={22} stroke={1.6} aria-hidden="true" />
        {t("app.nav.more")}
      </button>
    </nav>
  );
}
