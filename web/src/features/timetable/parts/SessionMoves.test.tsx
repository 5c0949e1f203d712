import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import type { SessionRecord } from "../queries";
import { SessionMoves } from "./SessionMoves";

type Move = SessionRecord["moves"][number];

const move = (name: string, facts: Partial<Move> = {}): Move => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  allowed: true,
  needs_reason: true,
  missing: [],
  warnings: [],
  ...facts,
});

const SESSION = {
  id: 9,
  version: 3,
  topic: "Cell injury",
  note: "",
  title: "Pathology",
  room: 8,
  faculty: 41,
  academic_period: 5,
  syllabus_items: [],
  starts_at: "2026-03-09T08:00:00+05:00",
  ends_at: "2026-03-09T08:50:00+05:00",
  moves: [move("cancel"), move("substitute"), move("relocate")],
} as unknown as SessionRecord;

const FREE = [
  { id: 41, name: "Dr Khan", is_free: false, label: "Pathology" },
  { id: 42, name: "Dr Rehman", is_free: false, label: "Anatomy, Hall 2" },
  { id: 43, name: "Dr Aziz", is_free: true, label: "" },
];

type Written = { url: string; method: string; version: string | null; body: unknown };

async function open(facts: Partial<SessionRecord> = {}, status = 200, answer: unknown = {}) {
  const written: Written[] = [];
  const asked = stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "GET") return { body: pathname.includes("/free-") ? { results: FREE } : {} };
    const text = await request.text();
    const version = request.headers.get("If-Match");
    written.push({ url: pathname, method: request.method, version, body: text ? JSON.parse(text) : null });
    return { status, body: answer };
  });
  await renderApp(() => <SessionMoves session={{ ...SESSION, ...facts }} date="2026-03-09" />);
  return { user: userEvent.setup(), written, asked };
}

describe("a session", () => {
  test("is cancelled with a reason", async () => {
    const { user, written } = await open();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "Strike in the city");
    await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(written).toHaveLength(1));
    expect(written[0]).toMatchObject({
      url: "/api/v1/timetable/sessions/9/moves/cancel/",
      version: '"3"',
      body: { reason: "Strike in the city" },
    });
  });

  test("gets another teacher out of those who are free first, never the present one", async () => {
    const { user, written, asked } = await open();
    await user.click(screen.getByRole("button", { name: "Substitute" }));
    const dialog = await screen.findByRole("dialog", { name: "Substitute the teacher" });
    await user.click(within(dialog).getByRole("combobox", { name: /Teacher/ }));
    const options = await screen.findAllByRole("option");
    expect(options.map((option) => option.textContent)).toEqual([
      "Dr AzizFree",
      "Dr RehmanTaken: Anatomy, Hall 2",
    ]);
    expect(asked.find(({ url }) => url.includes("/free-teachers/"))?.url).toContain("without=9");
    await user.click(options[0] as HTMLElement);
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "On leave");
    await user.click(within(dialog).getByRole("button", { name: "Substitute the teacher" }));
    await waitFor(() =>
      expect(written).toMatchObject([
        {
          url: "/api/v1/timetable/sessions/9/moves/substitute/",
          body: { faculty: 43, reason: "On leave" },
        },
      ]),
    );
  });

  test("without a choice and a reason nothing is sent", async () => {
    const { user, written } = await open();
    await user.click(screen.getByRole("button", { name: "Relocate" }));
    const dialog = await screen.findByRole("dialog", { name: "Change the room" });
    await user.click(within(dialog).getByRole("button", { name: "Change the room" }));
    expect(await within(dialog).findByText("2 entries need your attention")).toBeInTheDocument();
    expect(written).toEqual([]);
  });

  test("says why a move is closed, and hides what the role can never do", async () => {
    const facts = { detail: "", severity: "block", where: null };
    const missing = [{ ...facts, code: "attendance_exists", label: "Attendance is recorded" }];
    const never = [{ ...facts, code: "not_permitted", label: "Needs the permission session.manage" }];
    await open({
      moves: [
        move("cancel", { allowed: false, missing }),
        move("relocate", { allowed: false, missing: never }),
      ],
    });
    expect(screen.getByRole("button", { name: "Cancel" })).toHaveAccessibleDescription(
      "Not possible yet. Attendance is recorded",
    );
    expect(screen.queryByRole("button", { name: "Relocate" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Topic and note" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Delete" })).toBeNull();
  });

  test("is annotated on the version that was read", async () => {
    const { user, written } = await open({ can_annotate: true });
    await user.click(screen.getByRole("button", { name: "Topic and note" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: "Note" }), "Bring slides");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(written).toHaveLength(1));
    expect(written[0]).toEqual({
      url: "/api/v1/timetable/sessions/9/",
      method: "PATCH",
      version: '"3"',
      body: { note: "Bring slides" },
    });
  });

  test("is deleted only after a second word", async () => {
    const { user, written } = await open({ can_delete: true }, 204);
    await user.click(screen.getByRole("button", { name: "Delete" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete this session?" });
    expect(written).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(written).toHaveLength(1));
    const url = "/api/v1/timetable/sessions/9/";
    expect(written[0]).toMatchObject({ url, method: "DELETE", version: '"3"' });
  });
});
