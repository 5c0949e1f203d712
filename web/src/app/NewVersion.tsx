import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useIsOutdated } from "../api/builds";
import classes from "./Shell.module.css";

/** Says that a new version serves; what is typed and not saved asks before it is left. */
export function NewVersion() {
  const { t } = useTranslation();
  if (!useIsOutdated()) return null;
  return (
    <div role="status" className={classes.banner}>
      <IconRefresh size={18} aria-hidden="true" />
      {t("app.newVersion.text")}
      <Button size="compact-sm" variant="default" onClick={() => window.location.reload()}>
        {t("app.newVersion.reload")}
      </Button>
    </div>
  );
}
