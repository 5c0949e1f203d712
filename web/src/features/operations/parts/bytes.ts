// Sizes as people read them: in the largest unit of which there is at least one.
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export function inUnits(bytes: number): { number: number; unit: (typeof UNITS)[number] } {
  let number = bytes;
  let at = 0;
  while (number >= 1024 && at < UNITS.length - 1) {
    number /= 1024;
    at += 1;
  }
  return { number: at === 0 ? number : Math.round(number * 10) / 10, unit: UNITS[at] ?? "B" };
}
