import { describe, expect, test } from "vitest";
import { chartOf, packed, shareOf, ticksOf, yearsOf } from "./bars";

const period = (id: number, start_date: string | null, end_date: string | null, lane = "Year") => ({
  id,
  name: `P${id}`,
  start_date,
  end_date,
  lane,
});

describe("bars of periods", () => {
  test("without any dates there is no chart", () => {
    expect(chartOf([period(1, null, null)])).toBeNull();
    expect(chartOf([])).toBeNull();
  });

  test("a single period fills the line, a single day too", () => {
    const chart = chartOf([period(1, "2026-03-01", "2026-03-01")]);
    expect(chart?.lanes[0]?.rows[0]?.[0]).toMatchObject({ start: 0, width: 100 });
  });

  test("neighbours share the line by their days, both ends included", () => {
    const chart = chartOf([period(1, "2026-01-01", "2026-01-10"), period(2, "2026-01-11", "2026-01-30")]);
    const [first, second] = chart?.lanes[0]?.rows[0] ?? [];
    expect(first?.start).toBe(0);
    expect(first?.width).toBeCloseTo((100 * 10) / 30);
    expect(second?.start).toBeCloseTo((100 * 10) / 30);
    expect((second?.start ?? 0) + (second?.width ?? 0)).toBeCloseTo(100);
  });

  test("different tracks are lanes, in the order in which they appear", () => {
    const chart = chartOf([
      period(1, "2026-01-01", "2026-06-30"),
      period(2, "2026-01-01", "2026-02-28", "Basic sciences"),
      period(3, "2026-01-15", "2026-03-31", "Clinical skills"),
      period(4, "2026-03-01", "2026-06-30", "Basic sciences"),
    ]);
    expect(chart?.lanes.map(({ name, rows }) => [name, rows.length])).toEqual([
      ["Year", 1],
      ["Basic sciences", 1],
      ["Clinical skills", 1],
    ]);
  });

  test("what overlaps in one lane takes further rows, and the first free one", () => {
    const bar = (name: string, start: number, width: number) => ({ name, start, width });
    const rows = packed([bar("b", 10, 20), bar("a", 0, 20), bar("c", 20, 10), bar("d", 30, 5)]);
    expect(rows.map((row) => row.map(({ name }) => name))).toEqual([["a", "c", "d"], ["b"]]);
  });

  test("a day's share of the line, and none outside it", () => {
    const chart = { first: "2026-01-01", last: "2026-01-10" };
    expect(shareOf("2026-01-01", chart)).toBe(0);
    expect(shareOf("2026-01-06", chart)).toBe(50);
    expect(shareOf("2025-12-31", chart)).toBeNull();
    expect(shareOf("2026-01-11", chart)).toBeNull();
  });
});

describe("ticks", () => {
  test("stand on the first of months, leap year or not", () => {
    expect(ticksOf("2028-01-15", "2028-04-02").map(({ date }) => date)).toEqual([
      "2028-02-01",
      "2028-03-01",
      "2028-04-01",
    ]);
  });

  test("of a long line are few enough to be read, and begin their steps in January", () => {
    const ticks = ticksOf("2026-10-19", "2031-07-25");
    expect(ticks.length).toBeLessThanOrEqual(30);
    expect(ticks.map(({ date }) => date)).toContain("2028-01-01");
    expect(new Set(ticks.map(({ date }) => date.slice(8)))).toEqual(new Set(["01"]));
  });

  test("a line of five years counts as five", () => {
    expect(yearsOf({ first: "2026-01-01", last: "2030-12-31" })).toBeCloseTo(5, 1);
  });
});
