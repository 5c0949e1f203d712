import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FieldName, PartName } from "../../../ui/application/fields";
import { STEPS, type Step } from "../draft";
import classes from "./StepList.module.css";

type Props = {
  step: Step;
  faulty: Set<PartName>;
  missing: Map<PartName, FieldName[]>;
  papersMissing: number;
  onPick: (step: Step) => void;
};

/** The steps, what each still lacks, and the way to it. */
export function StepList({ step, faulty, missing, papersMissing, onPick }: Props) {
  const { t } = useTranslation();
  const stateOf = (each: Step): "done" | "faulty" | "open" | "plain" => {
    if (each === "review") return "plain";
    if (each === "papers") return papersMissing === 0 ? "done" : "open";
    if (faulty.has(each)) return "faulty";
    return missing.has(each) ? "open" : "done";
  };
  return (
    <nav aria-label={t("apply.step.label")}>
      <ol className={classes.steps}>
        {STEPS.map((each, index) => {
          const state = stateOf(each);
          return (
            <li key={each} data-state={state} data-current={each === step || undefined}>
              <button
                type="button"
                aria-current={each === step ? "step" : undefined}
                onClick={() => each !== step && onPick(each)}
              >
                <span className={classes.mark} aria-hidden="true">
                  {state === "done" ? (
                    <IconCheck size={16} stroke={2.5} />
                  ) : state === "faulty" ? (
                    <IconAlertTriangle size={15} />
                  ) : (
                    index + 1
                  )}
                </span>
                <span className={classes.name}>{t(`apply.step.${each}`)}</span>
                {state !== "plain" && (
                  <span className="visually-hidden">, {t(`apply.stepState.${state}`)}</span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
