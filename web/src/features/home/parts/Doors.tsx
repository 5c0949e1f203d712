import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../../app/navigation";
import { Panel } from "../../../ui/Panel";
import classes from "./Doors.module.css";

const SHOWN = 6;

/** The first screens of the reader's own areas. */
export function Doors() {
  const { t } = useTranslation();
  const items = useNavigation()
    .filter((area) => area.key !== null)
    .flatMap((area) => area.items)
    .slice(0, SHOWN);
  if (items.length === 0) return null;
  return (
    <Panel title={t("home.next.title")}>
      <ul className={classes.doors}>
        {items.map(({ key, to, icon: Icon }) => (
          <li key={key}>
            <Link to={to} className={classes.door}>
              <Icon size={20} stroke={1.5} aria-hidden="true" />
              {t(`app.nav.items.${key}`)}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
