import { IconBarrierBlock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Me, useMe } from "../api/me";
import { Bidi } from "../ui/Bidi";
import { useFormat } from "../ui/format";
import classes from "./Shell.module.css";

type Notice = NonNullable<Me["maintenance"]>;

/** Stands over every screen while maintenance is on, and from a day before one that was announced. */
export function MaintenanceBar() {
  const { maintenance } = useMe();
  if (!maintenance) return null;
  return (
    <div role="status" className={classes.banner}>
      <IconBarrierBlock size={18} aria-hidden="true" />
      <span>
        <Words notice={maintenance} /> {maintenance.message && <Bidi>{maintenance.message}</Bidi>}
      </span>
    </div>
  );
}

function Words({ notice: { is_on, level, begins_at, until } }: { notice: Notice }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (is_on) return level === "full" ? t("app.maintenance.full") : t("app.maintenance.readOnly");
  return t("app.maintenance.planned", {
    from: begins_at ? format.dateTime(begins_at) : "",
    until: until ? format.dateTime(until) : "",
  });
}
