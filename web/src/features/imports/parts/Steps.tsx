import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Steps.module.css";

const PLACE: Record<string, number> = { previewing: 1, failed: 1, previewed: 2, committing: 3, committed: 4 };

/** Where the file stands between upload and done. */
export function Steps({ status }: { status: string }) {
  const { t } = useTranslation();
  const here = PLACE[status] ?? 0;
  const names = [
    t("imports.steps.upload"),
    t("imports.steps.check"),
    t("imports.steps.decide"),
    t("imports.steps.import"),
  ];
  return (
    <ol className={classes.steps} aria-label={t("imports.steps.label")}>
      {names.map((name, index) => {
        const state = index < here ? "done" : index === here ? "current" : "ahead";
        return (
          <li key={name} data-state={state} aria-current={state === "current" ? "step" : undefined}>
            <span className={classes.place}>
              {state === "done" ? <IconCheck size={14} stroke={2.5} aria-hidden="true" /> : index + 1}
            </span>
            {name}
          </li>
        );
      })}
    </ol>
  );
}
