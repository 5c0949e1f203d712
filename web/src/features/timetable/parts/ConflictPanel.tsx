import { Button, Text } from "@mantine/core";
import { IconAlertOctagonFilled, IconAlertTriangleFilled, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../../ui/EmptyState";
import { useFormat } from "../../../ui/format";
import { byDate, type Report, severityCounts } from "../grid/conflicts";
import type { Address } from "../grid/sheet";
import { ConflictItem } from "./ConflictItem";
import classes from "./SidePanel.module.css";

type Props = {
  report: Report;
  /** Unsaved edits are not in the report until it is made anew. */
  isOutdated: boolean;
  isChecking: boolean;
  onCheck: () => void;
  onJump: (address: Address) => void;
  placeWords: (address: Address) => string;
};

export function ConflictPanel({ report, isOutdated, isChecking, onCheck, onJump, placeWords }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { block, warn } = severityCounts(report.conflicts);
  return (
    <div className={classes.summary}>
      <div className={classes.counts}>
        {block > 0 && (
          <span data-severity="block">
            <IconAlertOctagonFilled size={15} aria-hidden="true" />
            {t("timetable.conflicts.blocking", { count: block })}
          </span>
        )}
        {warn > 0 && (
          <span data-severity="warn">
            <IconAlertTriangleFilled size={15} aria-hidden="true" />
            {t("timetable.conflicts.warning", { count: warn })}
          </span>
        )}
        <Button
          size="compact-xs"
          variant="default"
          loading={isChecking}
          leftSection={<IconRefresh size={13} aria-hidden="true" />}
          onClick={onCheck}
        >
          {t("timetable.conflicts.check")}
        </Button>
      </div>
      {isOutdated && (
        <Text size="xs" c="dimmed">
          {t("timetable.conflicts.outdated")}
        </Text>
      )}
      {report.conflicts.length === 0 && (
        <EmptyState title={t("timetable.conflicts.none")} detail={t("timetable.conflicts.noneDetail")} />
      )}
      {byDate(report.conflicts).map((day) => (
        <section key={day.date}>
          <h3 className={classes.date}>{format.shortDay(day.date)}</h3>
          <ul className={classes.conflicts}>
            {day.conflicts.map((conflict) => (
              <ConflictItem key={conflict.key} conflict={conflict} onJump={onJump} placeWords={placeWords} />
            ))}
          </ul>
        </section>
      ))}
      {report.count > report.conflicts.length && (
        <Text size="xs" c="dimmed">
          {t("timetable.conflicts.more", { count: report.count - report.conflicts.length })}
        </Text>
      )}
    </div>
  );
}
