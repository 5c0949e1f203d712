import { NumberInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { isComplete, type Terms } from "../policyTerms";
import { exampleQuery, MARKS, type PolicyExample } from "../queries";
import { CodeBadge } from "./CodeBadge";
import classes from "./Example.module.css";
import { Percent } from "./Percent";

const SOMEBODY = { present: 20, late: 4, absent: 7, excused: 2 };
const PAUSE = 300;

/** Tries terms on somebody while they are written: the numbers may be changed, and the server reckons. */
export function Example({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  const label = useLabel();
  const title = useId();
  const [counts, setCounts] = useState<Record<string, number | string>>(SOMEBODY);
  const asked = {
    threshold: terms.threshold,
    late_weight: terms.late_weight,
    excused: terms.excused,
    near_margin: terms.near_margin,
    condonation_max_points: terms.condonation_max_points,
    ...Object.fromEntries(MARKS.map((mark) => [`${mark}_count`, Number(counts[mark] || 0)])),
  };
  const [settled] = useDebouncedValue(JSON.stringify(asked), PAUSE);
  const { data, error } = useQuery({
    ...exampleQuery(JSON.parse(settled) as typeof asked),
    enabled: isComplete(terms),
  });
  return (
    <section className={classes.example} aria-labelledby={title}>
      <h3 id={title} className={classes.title}>
        {t("attendance.policies.example")}
      </h3>
      <div className={classes.counts}>
        {MARKS.map((mark) => (
          <NumberInput
            key={mark}
            size="xs"
            min={0}
            max={10_000}
            allowDecimal={false}
            label={label("ui.status", mark)}
            value={counts[mark] ?? 0}
            onChange={(value) => setCounts((before) => ({ ...before, [mark]: value }))}
          />
        ))}
      </div>
      <div className={classes.result} role="status">
        {error ? <ErrorPanel error={error} /> : data && <Outcome found={data} />}
      </div>
    </section>
  );
}

function Outcome({ found }: { found: PolicyExample }) {
  const { t } = useTranslation();
  return (
    <>
      <Percent
        percentage={found.percentage}
        threshold={found.threshold}
        eligible={found.is_eligible}
        isNear={found.is_near}
        isNone={found.code === "no_sessions"}
      />
      <CodeBadge code={found.code} />
      {found.is_near && <span>{t("attendance.policies.isNear")}</span>}
      {found.is_condonable && <span>{t("attendance.policies.isCondonable")}</span>}
    </>
  );
}
