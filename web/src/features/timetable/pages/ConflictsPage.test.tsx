import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { COORDINATOR, page } from "../test/readers";

const conflict = (code: string, severity: string, date: string, facts: object = {}) => ({
  code,
  severity,
  who: { id: 41, name: "Dr Khan" },
  where: null,
  when: { date, starts_at: `${date}T08:00:00+05:00`, ends_at: `${date}T08:50:00+05:00` },
  cells: [{ id: 1, row_index: 2, day_of_week: 0 }],
  with: null,
  detail: {},
  week_plan: 7,
  batch_name: "MBBS 2031",
  ...facts,
});

const RESULTS = [
  conflict("faculty_clash", "block", "2026-03-09", {
    with: { kind: "CELL", id: 3, label: "Anatomy, MBBS 2030", week_plan: 9, status: "draft" },
  }),
  conflict("room_too_small", "warn", "2026-03-10"),
];

async function open(at: string, count = RESULTS.length) {
  const asked = stubServer((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: COORDINATOR };
    if (pathname === "/api/v1/timetable/conflicts/") return { body: { count, results: RESULTS } };
    return { body: page() };
  });
  const view = await renderScreen(at);
  await screen.findByRole("heading", { level: 1, name: "Conflicts" });
  return { user: userEvent.setup(), asked, ...view };
}

const SPAN = "/timetable/conflicts?from=2026-03-09&to=2026-03-20";

test("each conflict stands under its day, names both sides, and leads to its cell", async () => {
  const { asked } = await open(SPAN);
  const monday = await screen.findByRole("region", { name: "Monday 9 March" });
  expect(monday).toHaveTextContent("08:00–08:50");
  expect(monday).toHaveTextContent("Dr Khan");
  expect(monday).toHaveTextContent("MBBS 2031");
  expect(within(monday).getByRole("link", { name: "Teacher is elsewhere" })).toHaveAttribute(
    "href",
    "/timetable/weeks/7?cell=2%3A0",
  );
  expect(within(monday).getByRole("link", { name: "Anatomy, MBBS 2030" })).toHaveAttribute(
    "href",
    "/timetable/weeks/9",
  );
  expect(asked.some(({ url }) => url.endsWith("/conflicts/?from=2026-03-09&to=2026-03-20"))).toBe(true);
});

test("they are narrowed by how grave they are and by their rule", async () => {
  const { user } = await open(SPAN);
  await user.click(await screen.findByRole("radio", { name: "1 warning" }));
  expect(await screen.findByText("1 conflict shown")).toBeInTheDocument();
  expect(screen.queryByRole("region", { name: "Monday 9 March" })).toBeNull();
  await user.click(screen.getByRole("radio", { name: "2 in all" }));
  await user.click(screen.getByRole("combobox", { name: "Rule" }));
  await user.click(await screen.findByRole("option", { name: "Teacher is elsewhere" }));
  expect(await screen.findByText("1 conflict shown")).toBeInTheDocument();
  expect(screen.getByRole("region", { name: "Monday 9 March" })).toBeInTheDocument();
});

test("more than 31 days are not asked for", async () => {
  const { asked } = await open("/timetable/conflicts?from=2026-03-01&to=2026-04-30");
  expect(await screen.findByText("At most 31 days at a time.")).toBeInTheDocument();
  expect(asked.some(({ url }) => url.includes("/timetable/conflicts/"))).toBe(false);
});

test("a list that was cut says so", async () => {
  await open(SPAN, 431);
  expect(await screen.findByText(/The first 2 of 431 are listed/)).toBeInTheDocument();
});
