import type { ReactNode } from "react";
import classes from "./Facts.module.css";

export type Fact = { label: string; value: ReactNode };

/** The facts of one record as label and value; an absent value shows a dash. */
export function Facts({ items }: { items: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {items.map((item) => (
        <div key={item.label} className={classes.fact}>
          <dt>{item.label}</dt>
          <dd>{item.value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
