import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const NONE = {
  total: 0,
  present: 0,
  late: 0,
  absent: 0,
  excused: 0,
  unmarked: 0,
  percentage: "0.00",
  threshold: "75.00",
  is_eligible: false,
  code: "no_sessions",
  policy: { scope: "institution", number: 1 },
  to_come: 10,
  must_attend: 8,
  can_miss: 2,
  reachable: true,
  regain_after: 1,
};
const GOOD = {
  ...NONE,
  total: 8,
  present: 7,
  absent: 1,
  percentage: "87.50",
  is_eligible: true,
  code: "eligible",
};
const BELOW = {
  ...NONE,
  total: 4,
  present: 2,
  absent: 2,
  percentage: "50.00",
  code: "below_threshold",
  regain_after: 4,
};
const absent = {
  id: 5,
  session: 9,
  title: "Pathology",
  starts_at: "2026-03-09T10:00:00+05:00",
  ends_at: "2026-03-09T11:00:00+05:00",
  course: 1,
  course_name: "Pathology",
  expected: true,
  status: "absent",
  remarks: "",
  register_status: "open",
  correction: null,
  can_correct: true,
};

async function open(overall: object, courses: object[], lines: object[]) {
  const sent: unknown[] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") {
      return { body: reader(["attendance.view", "attendance.correct", "enrollment.self"]) };
    }
    if (request.method === "POST") {
      sent.push({ pathname, body: await request.json() });
      return { status: 201, body: { id: 12 } };
    }
    if (pathname.endsWith("/mine/")) {
      return { body: { start_date: "2026-01-01", end_date: "2026-06-30", overall, courses } };
    }
    return { body: { count: lines.length, next: null, previous: null, results: lines } };
  });
  await renderScreen("/attendance/mine");
  await screen.findByRole("heading", { level: 1, name: "My attendance" });
  return { user: userEvent.setup(), sent };
}

describe("one's own attendance", () => {
  test("says in each course what may be missed or has to be attended", async () => {
    const courses = [
      { course: 1, name: "Pathology", ...BELOW },
      { course: 2, name: "Anatomy", ...GOOD },
      { course: 3, name: "Surgery", ...NONE },
    ];
    await open(GOOD, courses, []);
    const card = (name: string) =>
      within(screen.getByRole("heading", { name }).closest("section") as HTMLElement);
    expect(card("Pathology").getByText("Attend the next 4 to be eligible again")).toBeInTheDocument();
    expect(card("Pathology").getByText("50 %")).toBeInTheDocument();
    expect(card("Anatomy").getByText("You can miss 2 more")).toBeInTheDocument();
    expect(card("Anatomy").getByText("87.5 %")).toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: "Surgery" })).toBeNull();
    expect(screen.getByText(/^No sessions counted yet/)).toHaveTextContent("Surgery");
  });

  test("without counted sessions shows no percentage", async () => {
    await open(NONE, [], []);
    expect(screen.getByText("No sessions counted yet")).toBeInTheDocument();
    expect(screen.queryByText(/^0 %/)).toBeNull();
    expect(await screen.findByText("No session has begun yet")).toBeInTheDocument();
  });

  test("lets one ask for a correction, with a mark and a reason", async () => {
    const { user, sent } = await open(GOOD, [], [absent]);
    await user.click(await screen.findByRole("button", { name: "Ask for correction" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "short");
    await user.click(dialog.getByRole("button", { name: "Send the request" }));
    expect((await dialog.findAllByText("At least ten characters"))[0]).toBeInTheDocument();
    expect(sent).toEqual([]);
    await user.click(dialog.getByRole("combobox", { name: /What it should be/ }));
    expect(screen.queryByRole("option", { name: "Absent" })).toBeNull();
    await user.click(await screen.findByRole("option", { name: "Present" }));
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), " of breath, but there");
    await user.click(dialog.getByRole("button", { name: "Send the request" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      pathname: "/api/v1/attendance/corrections/",
      body: { line: 5, wanted: "present", reason: "short of breath, but there" },
    });
  });

  test("offers no correction where none would be taken, and leads to the one that is open", async () => {
    const asked = {
      ...absent,
      id: 6,
      can_correct: false,
      correction: { id: 12, wanted: "present", reason: "" },
    };
    await open(GOOD, [], [{ ...absent, can_correct: false }, asked]);
    const link = await screen.findByRole("link", { name: "Asked for" });
    expect(link).toHaveAttribute("href", "/attendance/corrections/12");
    expect(screen.queryByRole("button", { name: "Ask for correction" })).toBeNull();
  });
});
