import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../../../app/navigation";
import { Panel } from "../../../ui/Panel";
import classes from "./Doors.module.css";

const SHOWN = 8;
/** What each kind of reader opens most, before the rest in the order of the navigation. */
const FIRST = ["my_week", "weeks", "students", "sections", "leave", "imports", "people", "settings"];

const placeOf = (key: string) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);

/** The screens the reader's own roles open, the usual ones first. */
export function Doors() {
  const { t } = useTranslation();
  const items = useNavigation()
    .filter((area) => area.key !== null)
    .flatMap((area) => area.items)
    .sort((a, b) => placeOf(a.key) - placeOf(b.key))
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
