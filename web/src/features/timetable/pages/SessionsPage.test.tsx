import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { COORDINATOR, page, TEACHER } from "../test/readers";

const SECTION = {
  id: 6,
  name: "Journal Club",
  course: 5,
  course_name: "Pathology",
  academic_period: 4,
  academic_period_name: "Year 1",
  faculty: 8,
  faculty_name: "Dr Bashir",
};
const HALL = { id: 2, name: "Hall 2", capacity: 50, is_free: true, label: "" };
const CLASH = {
  code: "room_clash",
  label: "Room is taken",
  detail: "Anatomy",
  severity: "block",
  where: null,
};
const HOLIDAY = { id: 3, name: "Iqbal Day", start_date: "2026-11-09", end_date: "2026-11-09" };

type Answer = { status: number; body: unknown };
type Written = { url: string; body: unknown };

async function open(
  me: object,
  at = "/timetable/sessions",
  answer: Answer = { status: 201, body: { id: 9 } },
) {
  const written: Written[] = [];
  const asked = stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== "GET") {
      written.push({ url: pathname, body: await request.json() });
      return answer;
    }
    if (pathname === "/api/v1/me/") return { body: me };
    if (pathname === "/api/v1/academics/sections/") return { body: page(SECTION) };
    if (pathname === "/api/v1/timetable/free-rooms/") return { body: { results: [HALL] } };
    if (pathname === "/api/v1/directory/holidays/3/") return { body: HOLIDAY };
    return { body: page() };
  });
  const view = await renderScreen(at);
  await screen.findByRole("heading", { level: 1, name: "Sessions" });
  return { user: userEvent.setup(), written, asked, ...view };
}

type User = ReturnType<typeof userEvent.setup>;

/** A session of the journal club on 9 March, from two to half past three. */
async function fill(user: User) {
  await user.click((await screen.findAllByRole("button", { name: "New session" }))[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog", { name: "New session" });
  const within_ = within(dialog);
  const day = within_.getByLabelText(/^Day/);
  await user.clear(day);
  await user.type(day, "2026-03-09");
  await user.type(within_.getByRole("textbox", { name: "From" }), "14");
  await user.type(within_.getByRole("textbox", { name: "To" }), "1530");
  await user.click(within_.getByRole("combobox", { name: "Section" }));
  await user.click(await screen.findByRole("option", { name: "Pathology (Journal Club)" }));
  return within_;
}

describe("a new session", () => {
  test("takes course, period and teacher from its section, and says its time with the offset", async () => {
    const { user, written, asked } = await open(COORDINATOR);
    const dialog = await fill(user);
    await user.click(dialog.getByRole("combobox", { name: "Room" }));
    await user.click(await screen.findByRole("option", { name: /Hall 2/ }));
    await user.click(dialog.getByRole("button", { name: "Create the session" }));
    await waitFor(() => expect(written).toHaveLength(1));
    expect(written[0]).toEqual({
      url: "/api/v1/timetable/sessions/",
      body: {
        academic_period: 4,
        section: 6,
        course: 5,
        groups: [],
        faculty: 8,
        co_faculty: [],
        faculty_name: "",
        room: 2,
        kind: "lecture",
        topic: "",
        note: "",
        starts_at: "2026-03-09T14:00:00+05:00",
        ends_at: "2026-03-09T15:30:00+05:00",
      },
    });
    const free = asked.find(({ url }) => url.includes("/free-rooms/"));
    expect(new URL(free?.url ?? "").searchParams.get("starts_at")).toBe("2026-03-09T14:00:00+05:00");
  });

  test("that clashes is refused in words, and nothing typed is lost", async () => {
    const refusal = { status: 409, body: { status: 409, code: "room_clash", detail: "", missing: [CLASH] } };
    const { user } = await open(COORDINATOR, "/timetable/sessions", refusal);
    const dialog = await fill(user);
    await user.click(dialog.getByRole("button", { name: "Create the session" }));
    expect(await dialog.findByText("Anatomy")).toBeInTheDocument();
    expect(dialog.getByRole("textbox", { name: "To" })).toHaveValue("15:30");
  });

  test("without anybody to teach is not sent", async () => {
    const { user, written } = await open(COORDINATOR);
    await user.click((await screen.findAllByRole("button", { name: "New session" }))[0] as HTMLElement);
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Create the session" }));
    expect((await dialog.findAllByText("Name a section or at least one group."))[0]).toBeInTheDocument();
    expect(written).toEqual([]);
  });

  test("of a teacher is of the own sections, without groups", async () => {
    const { user, asked } = await open(TEACHER);
    const dialog = await fill(user);
    expect(dialog.queryByRole("combobox", { name: "Groups" })).toBeNull();
    const sections = asked.find(({ url }) => url.includes("/academics/sections/"));
    expect(sections?.url).toContain("faculty=8");
  });
});

describe("a holiday", () => {
  const AT = "/timetable/sessions?holiday=3&start_date=2026-11-09&end_date=2026-11-09";

  test("cancels its sessions after a second word, and says how many were left", async () => {
    const done = { status: 200, body: { cancelled: [1, 2, 3], left: [4] } };
    const { user, written, asked } = await open(COORDINATOR, AT, done);
    expect(await screen.findByText("Iqbal Day")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Cancel for the holiday" }));
    const dialog = await screen.findByRole("dialog");
    expect(written).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Cancel for the holiday" }));
    expect(
      await screen.findByText("3 sessions were cancelled. One was left, because attendance is recorded."),
    ).toBeInTheDocument();
    expect(written).toEqual([
      { url: "/api/v1/timetable/sessions/cancel-for-holiday/", body: { holiday: 3 } },
    ]);
    const listed = asked.filter(({ url }) => new URL(url).pathname === "/api/v1/timetable/sessions/");
    expect(listed.every(({ url }) => !url.includes("holiday="))).toBe(true);
  });
});
