import { useTranslation } from "react-i18next";
import type { Mark } from "../queries";
import classes from "./MarkLetter.module.css";

/** A mark at a glance: its letter on its colour; the word stands beside it for who cannot see either. */
export function MarkLetter({ status, isUnsaved = false }: { status: Mark | null; isUnsaved?: boolean }) {
  const { t } = useTranslation();
  return (
    <span
      className={classes.letter}
      data-mark={status ?? "none"}
      data-unsaved={isUnsaved || undefined}
      aria-hidden="true"
    >
      {status ? t(`attendance.letter.${status}`) : "–"}
    </span>
  );
}
