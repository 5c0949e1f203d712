import { Button } from "@mantine/core";
import { IconUserShield } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { stopImpersonation, useMe } from "../api/me";
import { Bidi } from "../ui/Bidi";
import { useFormat } from "../ui/format";
import classes from "./Shell.module.css";

/** Stands over every screen while somebody acts as another person, with the way out. */
export function ImpersonationBar() {
  const { t } = useTranslation();
  const format = useFormat();
  const { impersonation } = useMe();
  // Everything on the screen belongs to the other person: begin afresh as oneself.
  const stop = useMutation({ mutationFn: stopImpersonation, onSettled: () => window.location.assign("/") });
  if (!impersonation) return null;
  const until = format.time(impersonation.expires_at);
  return (
    <div role="status" className={classes.banner}>
      <IconUserShield size={18} aria-hidden="true" />
      <span>
        {t("app.impersonation.acting")} <Bidi>{impersonation.name}</Bidi>{" "}
        {t("app.impersonation.until", { time: until })}
      </span>
      <Button size="compact-sm" variant="filled" loading={stop.isPending} onClick={() => stop.mutate()}>
        {t("app.impersonation.stop")}
      </Button>
    </div>
  );
}
