import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const LIST = {
  id: 4,
  title: "Anatomy midterm",
  owner_kind: "",
  owner_id: null,
  first_day: "2026-03-01",
  last_day: "2026-03-31",
  courses: [],
  sections: [],
  departments: [],
  audience: [["status:active"]],
  number: 1,
  status: "draft",
  frozen_at: null,
  frozen_by: "",
  version: 3,
  created_at: "2026-04-01T08:00:00Z",
  counts: { eligible: 1, condoned: 0, below_threshold: 1, no_sessions: 0 },
};
const move = (name: string, more: object = {}) => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  allowed: true,
  needs_reason: false,
  missing: [],
  warnings: [],
  ...more,
});
const open = (session: number, teacher: string) => ({
  code: "registers_complete",
  label: "Every register is submitted, locked or not held",
  detail: `Pathology, 2026-03-0${session}`,
  severity: "block",
  where: { session, date: `2026-03-0${session}`, teachers: [teacher] },
});
const line = (more: object) => ({
  id: null,
  person: 3,
  reg_no: "MB-001",
  full_name: "Sara",
  policy: "institution 1",
  present: 14,
  late: 0,
  absent: 6,
  excused: 0,
  unmarked: 0,
  percentage: "70.00",
  threshold: "75.00",
  eligible: false,
  code: "below_threshold",
  ...more,
});
const page = (results: unknown[]) => ({ count: results.length, next: null, previous: null, results });

async function show(list: object, people: object[], permissions: string[], differences: object[] = []) {
  const sent: { pathname: string; body: unknown; version: string | null }[] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: reader(["attendance.view", ...permissions]) };
    if (request.method === "POST") {
      sent.push({ pathname, body: await request.json(), version: request.headers.get("If-Match") });
      if (pathname.endsWith("/moves/renew/")) {
        return { body: { ...LIST, ...list, id: 5, number: 2, status: "draft", moves: [] } };
      }
      return { status: 201, body: { id: 9 } };
    }
    if (pathname.endsWith("/people/")) return { body: page(people) };
    if (pathname.endsWith("/differences/")) return { body: page(differences) };
    if (pathname.includes("/condonations/")) return { status: 404, body: { status: 404, code: "not_found" } };
    return { body: { ...LIST, ...list } };
  });
  const { router } = await renderScreen("/attendance/eligibility-lists/4");
  await screen.findByRole("heading", { level: 1, name: "Anatomy midterm" });
  return { user: userEvent.setup(), sent, router };
}

describe("an eligibility list", () => {
  test("that cannot be frozen names each open register with its teacher and leads to it", async () => {
    const freeze = move("freeze", { allowed: false, missing: [open(7, "Dr Khan"), open(8, "Dr Noor")] });
    await show({ moves: [freeze] }, [line({})], ["attendance.eligibility"]);
    const table = await screen.findByRole("table", { name: "2 registers are still open" });
    expect(within(table).getByText("Dr Khan")).toBeInTheDocument();
    const links = within(table).getAllByRole("link", { name: "Pathology" });
    expect(links.map((each) => each.getAttribute("href"))).toEqual([
      "/attendance/sessions/7",
      "/attendance/sessions/8",
    ]);
    expect(screen.getByRole("button", { name: "Make final" })).toHaveAttribute("aria-disabled", "true");
  });

  test("is frozen with the version that was read", async () => {
    const { user, sent } = await show({ moves: [move("freeze")] }, [line({})], ["attendance.eligibility"]);
    await user.click(screen.getByRole("button", { name: "Make final" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      pathname: expect.stringMatching(/\/4\/moves\/freeze\/$/),
      version: '"3"',
    });
  });

  test("asks nothing beside a person while it is a draft, nor of those who may sit", async () => {
    await show({ moves: [] }, [line({})], ["attendance.condone_request"]);
    await screen.findByText("Sara");
    expect(screen.queryByRole("button", { name: /Ask to condone/ })).not.toBeInTheDocument();
  });

  test("frozen lets one ask for who is below the threshold, with a reason", async () => {
    const lines = [
      line({ id: 31 }),
      line({ id: 32, person: 4, full_name: "Omar", reg_no: "MB-002", code: "eligible", eligible: true }),
    ];
    const { user, sent, router } = await show({ status: "frozen", moves: [] }, lines, [
      "attendance.condone_request",
    ]);
    await screen.findByText("Omar");
    expect(screen.queryByRole("button", { name: "Ask to condone Omar" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Ask to condone Sara" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox"), "Too short");
    await user.click(within(dialog).getByRole("button", { name: "Send the request" }));
    expect(within(dialog).getAllByText("At least ten characters").length).toBeGreaterThan(0);
    expect(sent).toEqual([]);
    await user.type(within(dialog).getByRole("textbox"), ", now long enough");
    await user.click(within(dialog).getByRole("button", { name: "Send the request" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({ line: 31, reason: "Too short, now long enough" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/attendance/condonations/9"));
  });

  test("renewed leads to the draft of the next number, with what changed against the one before", async () => {
    const changed = {
      person: 3,
      reg_no: "MB-001",
      full_name: "Sara",
      before: { percentage: "70.00", code: "below_threshold" },
      after: { percentage: "76.00", code: "eligible" },
    };
    const { user, router } = await show(
      { status: "frozen", number: 2, moves: [move("renew", { needs_reason: true })] },
      [],
      ["attendance.eligibility"],
      [changed],
    );
    const changes = await screen.findByRole("table", { name: /What changed against list 1/ });
    expect(within(changes).getByText("70 %")).toBeInTheDocument();
    expect(within(changes).getByText("76 %")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Renew" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox"), "Corrections were accepted");
    await user.click(within(dialog).getByRole("button", { name: "Renew" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/attendance/eligibility-lists/5"));
  });
});
