import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./Tile.module.css";

export type Tone = "good" | "wait" | "stop" | "plain";
type Props = { label: string; figure: ReactNode; tone: Tone; link?: LinkProps; children?: ReactNode };

/** One figure with what it means; red only for what needs somebody now. */
export function Tile({ label, figure, tone, link, children }: Props) {
  const inside = (
    <>
      <span className={classes.label}>{label}</span>
      <strong className={classes.figure}>{figure}</strong>
      {children && <span className={classes.label}>{children}</span>}
    </>
  );
  return link ? (
    <Link {...link} className={classes.tile} data-tone={tone}>
      {inside}
    </Link>
  ) : (
    <div className={classes.tile} data-tone={tone}>
      {inside}
    </div>
  );
}

/** Tiles side by side; `isOld` greys figures that could not be asked for again. */
export function Tiles({ isOld, children }: { isOld: boolean; children: ReactNode }) {
  return <div className={isOld ? `${classes.grid} ${classes.old}` : classes.grid}>{children}</div>;
}
