import { useTranslation } from "react-i18next";
import { useFormat } from "./format";
import classes from "./SeatsBar.module.css";

type Props = { taken: number; capacity: number | null };

/** Seats taken, as a number and as a bar that tells full from free at a glance. */
export function SeatsBar({ taken, capacity }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (capacity === null) return <span className={classes.words}>{number(taken)}</span>;
  const share = capacity > 0 ? Math.min(1, taken / capacity) : 1;
  const level = taken >= capacity ? "full" : share >= 0.9 ? "nearly" : "free";
  return (
    <span className={classes.seats}>
      <span className={classes.words}>
        {t("ui.seats", { taken: number(taken), capacity: number(capacity) })}
      </span>
      <span className={classes.track} aria-hidden="true">
        <span data-level={level} style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}
