import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import classes from "./PrintSheet.module.css";

/** What the printer gets instead of the page; nothing of it shows on the screen. */
export function PrintSheet({ children }: { children: ReactNode }) {
  return createPortal(
    <div className={classes.sheet} data-print-sheet="">
      {children}
    </div>,
    document.body,
  );
}
