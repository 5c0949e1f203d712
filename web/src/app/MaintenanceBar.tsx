import { IconBarrierBlock } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Me, meQuery } from "../api/me";
import { asProblem } from "../api/problem";
import { Bidi } from "../ui/Bidi";
import { useFormat } from "../ui/format";
import classes from "./Shell.module.css";

type Notice = NonNullable<Me["maintenance"]>;

/** Stands over every screen while maintenance is on, and from a day before one that was announced. */
export function MaintenanceBar() {
  const { data, error } = useSuspenseQuery(meQuery);
  const maintenance = refused(error) ?? data.maintenance;
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

/** Full maintenance answers everything with itself: a screen that was open hears of it only so. */
function refused(error: unknown): Notice | null {
  if (!error) return null;
  const { code, detail: message, extra } = asProblem(error);
  if (code !== "maintenance") return null;
  const until = typeof extra.until === "string" ? extra.until : null;
  return {
    is_on: true,
    level: extra.level === "read_only" ? "read_only" : "full",
    message,
    begins_at: null,
    until,
  };
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
