import type { ReactNode } from "react";
import classes from "./FieldGrid.module.css";

/** Fields side by side where there is room, below one another on a phone. */
export function FieldGrid({ children }: { children: ReactNode }) {
  return <div className={classes.grid}>{children}</div>;
}
