import type { ReactNode } from "react";
import classes from "./Columns.module.css";

/** The body of a record's page: what it is, and beside it what happened to it. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>{children}</div>
      <div className={classes.column}>{side}</div>
    </div>
  );
}
