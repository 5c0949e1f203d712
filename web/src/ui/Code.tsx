import type { ReactNode } from "react";
import classes from "./Code.module.css";

/** A registration number, a code, a request id: always left to right, easy to copy. */
export function Code({ children }: { children: ReactNode }) {
  // As with names: the span keeps the alignment of the page.
  return (
    <span>
      <bdi dir="ltr" className={classes.code}>
        {children}
      </bdi>
    </span>
  );
}
