import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import type { Person } from "../queries";
import classes from "./Roles.module.css";

/** The roles held today. */
export function Roles({ person }: { person: Person }) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  // What is not for its reader is absent, and no empty list.
  if (person.roles === null) return null;
  return (
    <Panel
      title={t("directory.person.roles")}
      actions={
        can("membership.view") && (
          <AnchorLink to="/administration/memberships" search={{ person: String(person.id) }} size="sm">
            {t("directory.person.allRoles")}
          </AnchorLink>
        )
      }
    >
      {person.roles.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("directory.person.noRoles")}
        </Text>
      ) : (
        <ul className={classes.roles}>
          {person.roles.map((held) => (
            <li key={held.membership}>
              <strong>{label("app.roles", held.role)}</strong>
              <span>
                {held.scope_name ? <Bidi>{held.scope_name}</Bidi> : label("directory.scope", held.scope_kind)}
                {held.designation && (
                  <>
                    {" · "}
                    <Bidi>{held.designation}</Bidi>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
