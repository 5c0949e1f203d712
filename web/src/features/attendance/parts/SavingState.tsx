import { Button, Group } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Notice } from "../../../ui/Notice";
import type { Line } from "../queries";
import { isUnsaved } from "../register/marking";
import type { Marker } from "../register/useMarking";
import classes from "./SavingState.module.css";

type Props = { marker: Marker; lines: Line[] };

/** Whether every tap has reached the server; where not, why, and that nothing is lost. */
export function SavingState({ marker, lines }: Props) {
  const { t } = useTranslation();
  const { state, trouble, isSaving, retry, discard } = marker;
  const count = lines.filter((line) => isUnsaved(state, line)).length;
  if (trouble && !trouble.isUndecided) {
    return (
      <div>
        <ErrorPanel error={trouble} />
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" onClick={retry}>
            {t("ui.retry")}
          </Button>
          <Button size="compact-sm" variant="default" onClick={discard}>
            {t("attendance.saving.discard", { count })}
          </Button>
        </Group>
      </div>
    );
  }
  if (trouble) {
    return (
      <Notice tone="wait" role="status">
        <Group gap="xs" wrap="nowrap">
          <IconCloudOff size={20} aria-hidden="true" style={{ flex: "none" }} />
          <span>
            <strong>{t("attendance.saving.offline", { count })}</strong>{" "}
            {t("attendance.saving.offlineDetail")}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            loading={isSaving}
            onClick={retry}
            style={{ flex: "none" }}
          >
            {t("attendance.saving.now")}
          </Button>
        </Group>
      </Notice>
    );
  }
  return (
    <p className={classes.state} role="status" data-waiting={count > 0 || undefined}>
      {count > 0 ? t("attendance.saving.unsaved", { count }) : t("attendance.saving.all")}
    </p>
  );
}
