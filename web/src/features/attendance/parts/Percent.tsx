import { useFormat } from "../../../ui/format";
import classes from "./Percent.module.css";

type Props = {
  percentage: string | number;
  threshold: string | number;
  eligible: boolean;
  isNear?: boolean;
  /** Nothing was counted, so that there is nothing to show. */
  isNone?: boolean;
};

/** A percentage with a bar on which the threshold is a line. */
export function Percent({ percentage, threshold, eligible, isNear = false, isNone = false }: Props) {
  const { number } = useFormat();
  if (isNone) return <span>–</span>;
  const tone = eligible ? (isNear ? "wait" : "good") : "stop";
  return (
    <span className={classes.percent}>
      <span className={classes.value}>
        <bdi dir="ltr">{number(Number(percentage))} %</bdi>
      </span>
      <span className={classes.track} aria-hidden="true">
        <span
          className={classes.fill}
          data-tone={tone}
          style={{ inlineSize: `${Math.min(100, Number(percentage))}%` }}
        />
        <span className={classes.line} style={{ insetInlineStart: `${Number(threshold)}%` }} />
      </span>
    </span>
  );
}
