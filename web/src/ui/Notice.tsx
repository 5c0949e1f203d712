import type { ReactNode } from "react";
import classes from "./Notice.module.css";

type Props = { tone?: "calm" | "wait" | "good"; role?: "status" | "alert"; children: ReactNode };

/** Something good to know beside the work; it stops nothing. */
export function Notice({ tone = "calm", role, children }: Props) {
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      {children}
    </div>
  );
}
