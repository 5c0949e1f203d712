import { useId } from "react";
import classes from "./Lattice.module.css";

/** A lattice of eight-pointed stars, as carved in the screens of the first teaching hospitals. */
export function Lattice() {
  const pattern = useId();
  return (
    <svg className={classes.lattice} aria-hidden="true" focusable="false">
      <defs>
        <pattern id={pattern} width="96" height="96" patternUnits="userSpaceOnUse">
          <g fill="none" stroke="currentColor" strokeWidth="1">
            <rect x="24" y="24" width="48" height="48" />
            <rect x="24" y="24" width="48" height="48" transform="rotate(45 48 48)" />
            <path d="M48 0V14M48 82V96M0 48H14M82 48H96M0 0L24 24M96 0L72 24M0 96L24 72M96 96L72 72" />
            <circle cx="48" cy="48" r="9" />
          </g>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${pattern})`} />
    </svg>
  );
}
