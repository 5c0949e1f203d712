import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { Panel } from "../../../ui/Panel";
import { countOf, type Run, type Source } from "../queries";
import { useActionWords } from "./actionWords";
import classes from "./Tallies.module.css";

const ACTIONS = ["create", "update", "skip", "error"] as const;

type Props = { source: Source; run: Run; search: ListSearch };

/** How many rows would do what, and how often each fault occurs; each number narrows the table below. */
export function Tallies({ source, run, search }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const actionWords = useActionWords(source.kind);
  const { number } = useFormat();
  const faults = Object.entries(run.fault_counts).sort(([, a], [, b]) => b - a);
  const toggled = (name: "action" | "code", value: string) =>
    ({ action: undefined, code: undefined, [name]: search[name] === value ? undefined : value }) as never;
  return (
    <Panel title={t("imports.tally.title", { count: countOf(run.summary, "total") })}>
      <ul className={classes.tallies}>
        {ACTIONS.map((action) => {
          const count = countOf(run.summary, action);
          return (
            <li key={action}>
              <Link
                to="."
                search={toggled("action", action)}
                resetScroll={false}
                className={classes.tally}
                data-action={count > 0 ? action : "none"}
                aria-current={search.action === action ? "true" : undefined}
              >
                <strong>{number(count)}</strong>
                {actionWords(action)}
              </Link>
            </li>
          );
        })}
      </ul>
      {faults.length > 0 && (
        <ul className={classes.faults} aria-label={t("imports.tally.faults")}>
          {faults.map(([code, count]) => (
            <li key={code}>
              <Link
                to="."
                search={toggled("code", code)}
                resetScroll={false}
                className={classes.fault}
                aria-current={search.code === code ? "true" : undefined}
              >
                {label("imports.fault", code)} <strong>{number(count)}</strong>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
