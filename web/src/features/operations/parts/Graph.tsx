import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import type { Alert } from "../queries";
import classes from "./Graph.module.css";
import { lines, type Point } from "./graphing";

const WIDTH = 720;
const HEIGHT = 160;

/** The values of a day with their threshold; minutes of which nothing is known are gaps. Time runs from left to right. */
export function Graph({ values, threshold }: Pick<Alert, "values" | "threshold">) {
  const { t } = useTranslation();
  const format = useFormat();
  const points: Point[] = values.map(({ at, value }) => ({ at: new Date(at).getTime(), value }));
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return <Text c="dimmed">{t("operations.alerts.noValues")}</Text>;
  const { paths, height } = lines(points, threshold, WIDTH, HEIGHT);
  const all = points.map(({ value }) => value);
  const summary = t("operations.alerts.summary", {
    least: format.number(Math.min(...all)),
    most: format.number(Math.max(...all)),
    threshold: format.number(threshold),
    last: format.number(last.value),
  });
  return (
    <figure className={classes.graph} dir="ltr">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        <line x1="0" x2={WIDTH} y1={height(threshold)} y2={height(threshold)} className={classes.threshold} />
        {paths.map((path) => (
          <polyline key={path} points={path} className={classes.line} />
        ))}
      </svg>
      <div className={classes.axis}>
        <bdi>{format.dateTime(first.at)}</bdi>
        <bdi>{format.dateTime(last.at)}</bdi>
      </div>
      <figcaption dir="auto">{summary}</figcaption>
    </figure>
  );
}
