import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { CODES } from "../queries";
import classes from "./CodeTallies.module.css";

const route = getRouteApi("/shell/attendance/eligibility-lists/$id");

/** How many people have each code; a number narrows the list below to them. */
export function CodeTallies({ counts }: { counts: Record<string, number> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const { code: chosen } = route.useSearch();
  return (
    <ul className={classes.tallies} aria-label={t("attendance.lists.tallies")}>
      {CODES.map((code) => (
        <li key={code}>
          <Link
            to="."
            search={(before) =>
              ({ ...before, page: undefined, code: chosen === code ? undefined : code }) as never
            }
            resetScroll={false}
            className={classes.tally}
            data-code={counts[code] ? code : "none"}
            aria-current={chosen === code ? "true" : undefined}
          >
            <strong>{number(counts[code] ?? 0)}</strong>
            {label("attendance.code", code)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
