// Where the points of a graph stand: the lowest line is zero, the highest what is highest of values and threshold.
export type Point = { at: number; value: number };

const GAP = 150_000; // values come every minute; where two are missing, nothing is known
const ROOM = 1.1;

export function lines(points: Point[], threshold: number, width: number, tall: number) {
  const from = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - from);
  const most = Math.max(threshold, ...points.map(({ value }) => value)) * ROOM || 1;
  const height = (value: number) => round(tall - (value / most) * tall);
  const across = (at: number) => round(((at - from) / span) * width);
  const parts: Point[][] = [];
  for (const point of points) {
    const before = parts.at(-1)?.at(-1);
    if (before && point.at - before.at < GAP) parts.at(-1)?.push(point);
    else parts.push([point]);
  }
  const paths = parts.map((part) => {
    const drawn = part.map(({ at, value }) => `${across(at)},${height(value)}`);
    // One value alone is a short stroke: a line of no length is not seen.
    const only = part.length === 1 ? part[0] : undefined;
    return (only ? [...drawn, `${across(only.at) + 2},${height(only.value)}`] : drawn).join(" ");
  });
  return { paths, height };
}

const round = (value: number) => Math.round(value * 10) / 10;
