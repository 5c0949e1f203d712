import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { lostConnection, stubServer } from "../../../test/server";
import type { Line } from "../queries";
import { reader } from "../test/reader";

const TEACHER = ["attendance.view", "attendance.mark", "attendance.submit"];
const SESSION = {
  id: 9,
  title: "Pathology",
  topic: "Cell injury",
  status: "scheduled",
  starts_at: "2026-03-09T10:00:00+05:00",
  ends_at: "2026-03-09T11:00:00+05:00",
  groups: [{ id: 1, name: "Group A" }],
  section_name: null,
  room_name: "Hall 2",
  teachers: [{ id: 41, name: "Dr Khan" }],
  cancel_reason: "",
};
const line = (id: number, full_name: string, more: Partial<Line> = {}): Line => ({
  id,
  person: id,
  student: id,
  reg_no: `MB-00${id}`,
  full_name,
  photo: null,
  expected: true,
  status: null,
  source: null,
  check_in_at: null,
  remarks: "",
  marked_by: "",
  marked_at: null,
  excuse: null,
  correction: null,
  version: 1,
  ...more,
});
const missing = (code: string, label: string) => ({
  code,
  label,
  detail: "",
  severity: "block",
  where: null,
});

type Sent = { path: string; key: string | null; version: string | null; body: Record<string, unknown> };
type Options = {
  permissions?: string[];
  facts?: Record<string, unknown>;
  refuse?: (sent: Sent, count: number) => { status: number; body: unknown } | null;
};

/** A server with one register, which it changes as it is told. */
async function open(lines: Line[], { permissions = TEACHER, facts = {}, refuse }: Options = {}) {
  let held = lines;
  const sent: Sent[] = [];
  const register = () => {
    const unmarked = held.filter((each) => each.expected && each.status === null).length;
    const submit = {
      name: "submit",
      label: "Submit",
      allowed: unmarked === 0,
      needs_reason: false,
      missing: unmarked > 0 ? [missing("all_marked", "Everybody expected is marked")] : [],
      warnings: [],
    };
    return {
      session: SESSION,
      id: 3,
      status: "open",
      version: 5,
      reason: "",
      moves: [submit],
      lines: held,
      ...facts,
    };
  };
  stubServer(async (request) => {
    const { pathname: path } = new URL(request.url);
    if (path === "/api/v1/me/") return { body: reader(permissions) };
    if (request.method === "GET")
      return { body: path.endsWith("/register/") ? register() : { results: [], count: 0 } };
    const body = JSON.parse((await request.text()) || "{}");
    const { headers } = request;
    const written = { path, key: headers.get("Idempotency-Key"), version: headers.get("If-Match"), body };
    sent.push(written);
    const no = refuse?.(written, sent.length);
    if (no) return no;
    if (path.endsWith("/mark/")) {
      const asked = new Map(
        (body.marks as { line: number; status: string }[]).map((each) => [each.line, each.status]),
      );
      held = held.map((each) => {
        const status = asked.get(each.id) ?? (each.status === null && each.expected ? body.rest : undefined);
        return status ? { ...each, status, version: each.version + 1 } : each;
      });
    }
    return { body: register() };
  });
  const view = await renderScreen("/attendance/sessions/9");
  await screen.findByRole("heading", { level: 1, name: "Pathology" });
  return { user: userEvent.setup(), sent, change: (next: Line[]) => (held = next), ...view };
}

const row = (name: string) => screen.getByRole("button", { name: new RegExp(`^${name}\\s*MB-`) });
const SARA = line(1, "Sara");
const OMAR = line(2, "Omar");
const ZARA = line(3, "Zara");

beforeEach(() => localStorage.clear());

describe("a register", () => {
  test("is marked by taps, which are saved a moment after the last", async () => {
    const { sent } = await open([SARA, OMAR, ZARA]);
    fireEvent.click(row("Sara"));
    fireEvent.click(row("Omar"));
    fireEvent.click(row("Omar"));
    expect(row("Omar")).toHaveTextContent("Late");
    expect(screen.getByText("2 marks are being saved")).toBeInTheDocument();
    const marks = () => sent.flatMap(({ body }) => body.marks as { line: number; status: string }[]);
    await waitFor(() => expect(marks().at(-1)).toMatchObject({ line: 2, status: "late" }));
    expect(sent[0]).toMatchObject({ path: "/api/v1/attendance/sessions/9/mark/" });
    expect(marks()[0]).toEqual({ line: 1, status: "present", version: 1 });
    expect(await screen.findByText("Everything is saved")).toBeInTheDocument();
  });

  test("takes letters and arrows; E asks why before it excuses", async () => {
    const { user, sent } = await open([SARA, OMAR]);
    row("Sara").focus();
    await user.keyboard("a{ArrowDown}");
    expect(row("Omar")).toHaveFocus();
    await user.keyboard("e");
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Mark excused" }));
    expect((await dialog.findAllByText("A reason is needed"))[0]).toBeInTheDocument();
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "At the dentist");
    await user.click(dialog.getByRole("button", { name: "Mark excused" }));
    const marks = () => sent.flatMap(({ body }) => body.marks);
    await waitFor(() => expect(marks()).toHaveLength(2));
    expect(marks()).toEqual([
      { line: 1, status: "absent", version: 1 },
      { line: 2, status: "excused", version: 1, remarks: "At the dentist" },
    ]);
  });

  test("is excused by a long press, which is no tap", async () => {
    await open([SARA]);
    fireEvent.pointerDown(row("Sara"), { button: 0, clientX: 5, clientY: 5 });
    await act(() => new Promise((done) => setTimeout(done, 600)));
    expect(await screen.findByRole("dialog", { name: /Excuse/ })).toBeInTheDocument();
    fireEvent.click(document.querySelector('[data-line="1"]') as Element);
    expect(screen.getByText("Everything is saved")).toBeInTheDocument();
  });

  test("fills the rest after telling how many they are, then is handed in", async () => {
    const { user, sent } = await open([SARA, OMAR, ZARA]);
    expect(screen.getByText("3 people are not marked")).toBeInTheDocument();
    await user.click(row("Sara"));
    await user.click(screen.getByRole("button", { name: "Mark the other 2 present" }));
    const dialog = await screen.findByRole("dialog", { name: "Mark 2 people present?" });
    expect(sent.filter(({ body }) => body.rest)).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Mark 2 present" }));
    await waitFor(() => expect(sent.some(({ body }) => body.rest === "present")).toBe(true));
    expect(await screen.findByText("Everything is saved")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Hand in" }));
    await waitFor(() =>
      expect(sent.at(-1)?.path).toBe("/api/v1/attendance/sessions/9/register/moves/submit/"),
    );
    expect(sent.at(-1)?.version).toBe('"5"');
  });

  test("cannot be handed in while somebody is unmarked, and leads to them", async () => {
    const { user, sent } = await open([line(1, "Sara", { status: "present" }), OMAR]);
    const submit = screen.getByRole("button", { name: "Hand in" });
    expect(submit).toHaveAccessibleDescription("Not possible yet. Everybody expected is marked");
    await user.click(screen.getByText("One person is not marked"));
    await user.click(screen.getByRole("button", { name: "Omar" }));
    expect(row("Omar")).toHaveFocus();
    expect(sent).toEqual([]);
  });

  test("keeps taps while the server is away, and sends them again under the same key", async () => {
    let isAway = true;
    const { user, sent } = await open([SARA, OMAR], {
      refuse: () => {
        if (isAway) throw lostConnection;
        return null;
      },
    });
    await user.click(row("Sara"));
    expect(await screen.findByText(/One mark is not saved/)).toBeInTheDocument();
    expect(localStorage.getItem("maristan.register.7.9")).toContain('"present"');
    await user.click(row("Omar"));
    isAway = false;
    act(() => void window.dispatchEvent(new Event("online")));
    expect(await screen.findByText("Everything is saved")).toBeInTheDocument();
    // Lost, repeated at once by the transport, and replayed when the server is back: one attempt all the same.
    const [first] = sent;
    const ofSara = sent.filter(({ body }) => JSON.stringify(body) === JSON.stringify(first?.body));
    expect(ofSara.length).toBeGreaterThan(2);
    expect(new Set(ofSara.map(({ key }) => key)).size).toBe(1);
    expect(sent.at(-1)).toMatchObject({ body: { marks: [{ line: 2, status: "present" }] } });
    expect(sent.at(-1)?.key).not.toBe(first?.key);
    expect(localStorage.getItem("maristan.register.7.9")).toBeNull();
  });

  test("sends what an earlier visit left on the device", async () => {
    const batch = { key: "kept", marks: { 1: { status: "late", version: 1 } }, rest: false };
    const kept = { taps: {}, rest: false, batch, clashes: {} };
    localStorage.setItem("maristan.register.7.9", JSON.stringify(kept));
    const { sent } = await open([SARA]);
    expect(row("Sara")).toHaveTextContent("Late");
    await waitFor(() => expect(sent[0]?.key).toBe("kept"));
  });

  test("lays what somebody else marked beside one's own, and overwrites nothing", async () => {
    const theirs = line(1, "Sara", { status: "absent", version: 2, marked_by: "Bob" });
    const differing = [
      { line: 1, full_name: "Sara", field: "status", status: "absent", version: 2, by: "Bob" },
    ];
    const { user, sent, change } = await open([SARA, OMAR], {
      refuse: (_sent, count) =>
        count === 1 ? { status: 412, body: { status: 412, code: "stale", detail: "", differing } } : null,
    });
    change([theirs, OMAR]);
    await user.click(row("Sara"));
    await user.click(row("Omar"));
    const panel = within(await screen.findByRole("alert", { name: "Marked by somebody else meanwhile" }));
    expect(panel.getByText(/Bob/)).toBeInTheDocument();
    expect(row("Sara")).toHaveTextContent("Absent");
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]?.body.marks).toEqual([{ line: 2, status: "present", version: 1 }]);
    await user.click(panel.getByRole("button", { name: "Use mine" }));
    await waitFor(() => expect(sent).toHaveLength(3));
    expect(sent[2]?.body.marks).toEqual([{ line: 1, status: "present", version: 2 }]);
  });

  test("that refuses marks says why, keeps them, and sends nothing more by itself", async () => {
    const { user, sent } = await open([SARA], {
      refuse: () => ({
        status: 409,
        body: { status: 409, code: "session_not_started", detail: "Marking has not begun." },
      }),
    });
    await user.click(row("Sara"));
    expect(await screen.findByText("Marking has not begun.")).toBeInTheDocument();
    await act(() => new Promise((done) => setTimeout(done, 1200)));
    expect(sent).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Discard the unsaved mark" }));
    expect(row("Sara")).toHaveTextContent("Not marked");
  });

  test("that is submitted takes no taps", async () => {
    const { user, sent } = await open([SARA], { facts: { status: "submitted", moves: [] } });
    await user.click(row("Sara"));
    expect(row("Sara")).toHaveTextContent("Not marked");
    expect(screen.queryByRole("button", { name: /^Mark the other/ })).toBeNull();
    expect(sent).toEqual([]);
  });

  test("leaves a mark that an excuse set to those who repair", async () => {
    const excused = line(1, "Sara", { status: "excused", source: "excuse", version: 2 });
    const { user, sent } = await open([excused]);
    await user.click(row("Sara"));
    expect(await screen.findByText(/Only the coordinator may change it/)).toBeInTheDocument();
    expect(sent).toEqual([]);
  });

  test("shows who came unexpected, and takes another by number", async () => {
    const guest = line(4, "Guest", { expected: false, status: "present" });
    const { user, sent } = await open([SARA, guest]);
    expect(row("Guest")).toHaveTextContent("Not on the roster");
    await user.click(screen.getByRole("button", { name: "Somebody else came" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.queryByRole("switch")).toBeNull();
    await user.type(dialog.getByRole("textbox", { name: /Registration number/ }), "MB-077");
    await user.click(dialog.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      path: "/api/v1/attendance/sessions/9/roster/",
      body: { add: [{ reg_no: "MB-077" }], expected: false },
    });
  });
});
