import { useFormat } from "../../../ui/format";
import type { Standing } from "../queries";
import { toneOf } from "../standing";
import classes from "./Ring.module.css";

const RADIUS = 42;
const ROUND = 2 * Math.PI * RADIUS;

/** A percentage as a ring, with a tick at the threshold, outside of the number; a dash before anything counts. */
export function Ring({ standing, large = false }: { standing: Standing; large?: boolean }) {
  const { number } = useFormat();
  const isCounted = standing.code !== "no_sessions";
  const part = isCounted ? Number(standing.percentage) / 100 : 0;
  const turn = (Number(standing.threshold) / 100) * 360;
  return (
    <span className={classes.ring} data-tone={toneOf(standing)} data-large={large || undefined}>
      <svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">
        <circle cx="50" cy="50" r={RADIUS} className={classes.track} />
        {part > 0 && (
          <circle
            cx="50"
            cy="50"
            r={RADIUS}
            className={classes.part}
            strokeDasharray={`${part * ROUND} ${ROUND}`}
          />
        )}
        <line x1="50" y1="0.5" x2="50" y2="12" className={classes.tick} transform={`rotate(${turn} 50 50)`} />
      </svg>
      <bdi dir="ltr" className={classes.number}>
        {isCounted ? `${number(Number(standing.percentage))} %` : "–"}
      </bdi>
    </span>
  );
}
