import { IconAlertCircle, IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useLabel } from "../i18n/label";
import classes from "./Priority.module.css";

const ICONS: Record<string, typeof IconArrowUp> = {
  low: IconArrowDown,
  high: IconArrowUp,
  urgent: IconAlertCircle,
};

/** Whether it is worth a sign beside what is said. */
export const isRaised = (value: string) => value === "high" || value === "urgent";

/** How soon: the usual says only its word, the others also have a sign. */
export function Priority({ value }: { value: string }) {
  const label = useLabel();
  const Icon = ICONS[value];
  return (
    <span className={classes.priority} data-priority={value}>
      {Icon && <Icon size={16} stroke={1.8} aria-hidden="true" />}
      {label("ui.priority", value)}
    </span>
  );
}
