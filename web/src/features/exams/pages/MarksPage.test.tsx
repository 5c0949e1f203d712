import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const component = (id: number, name: string, max: string) => ({
  id,
  name,
  sequence: id,
  max_marks: max,
  min_marks: "0.00",
  pass_marks: null,
  pass_percent: null,
  is_mandatory_to_pass: false,
});
const cell = (component: number, marks: string, version = 3) => ({
  component,
  state: "marked",
  marks,
  outcome: "pass",
  version,
  entered_at: null,
  entered_by_name: "Noor",
});
const result = (more: object = {}) => ({
  id: 9,
  revision: 1,
  status: "draft",
  total_obtained: "45.00",
  total_max: "100.00",
  percentage: null,
  letter: "",
  point: null,
  final_outcome: "pending",
  version: 3,
  ...more,
});
const row = (candidate: number, full_name: string, more: object = {}) => ({
  candidate,
  person: candidate,
  reg_no: `MB-00${candidate}`,
  full_name,
  seat_no: "",
  admission: "admitted",
  code: "",
  result: result(),
  cells: [] as object[],
  ...more,
});
const GRID = {
  exam: 5,
  title: "Anatomy",
  status: "marking",
  version: 2,
  components: [component(1, "Theory", "60.00"), component(2, "Viva", "40.00")],
  may_enter: true,
  rows: [row(1, "Alice"), row(2, "Bob", { cells: [cell(1, "45.00"), cell(2, "20.00")] }), row(3, "Charlie")],
};
type Entry = { candidate: number; component: number; state: string; marks?: string; version: number };
type Answer = { status?: number; body: unknown };

const writes = (entries: Entry[]): Answer => ({
  body: {
    changed: entries.length,
    unchanged: 0,
    results: entries.map(({ candidate, component: of, marks = "0" }) => ({
      candidate,
      result: result({ total_obtained: marks, final_outcome: "pass", version: 4 }),
      cells: [cell(of, marks, 4)],
    })),
  },
});

async function show(grid: object = {}, answer: (entries: Entry[], nth: number) => Answer = writes) {
  const sent: Entry[][] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: reader(["exam.view", "result.view", "result.enter"]) };
    if (request.method === "PATCH") {
      const { entries } = (await request.json()) as { entries: Entry[] };
      sent.push(entries);
      return answer(entries, sent.length);
    }
    return { body: { ...GRID, ...grid } };
  });
  await renderScreen("/assessment/exams/5/marks");
  await screen.findByRole("heading", { level: 1 });
  return { user: userEvent.setup(), sent };
}
const input = (name: string) => screen.getByRole<HTMLInputElement>("textbox", { name });

describe("the sheet of marks", () => {
  test("saves by itself what is typed, and shows what the server makes of it", async () => {
    const { user, sent } = await show();
    await user.click(input("Theory of Alice"));
    await user.keyboard("41{Enter}");
    expect(input("Theory of Bob")).toHaveFocus();
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual([{ candidate: 1, component: 1, state: "marked", marks: "41", version: 0 }]);
    const line = screen.getByRole("row", { name: /Alice/ });
    expect(await within(line).findByText("41 / 100")).toBeInTheDocument();
    expect(within(line).getByText("Passed")).toBeInTheDocument();
    expect(within(line).getByText("Saved")).toBeInTheDocument();
  });

  test("moves with the keys: down, up, aside at the end of the text", async () => {
    const { user } = await show();
    await user.click(input("Theory of Alice"));
    await user.keyboard("{ArrowDown}");
    expect(input("Theory of Bob")).toHaveFocus();
    await user.keyboard("{ArrowRight}");
    expect(input("Viva of Bob")).toHaveFocus();
    await user.keyboard("{ArrowUp}{ArrowLeft}");
    expect(input("Theory of Alice")).toHaveFocus();
  });

  test("turns a wrong cell red with its reason, and saves the others", async () => {
    const { user, sent } = await show({}, (entries, nth) =>
      nth === 1
        ? {
            status: 422,
            body: {
              status: 422,
              code: "validation",
              errors: [
                { pointer: "/entries/0/marks", code: "out_of_range", detail: "Marks here are from 0 to 60." },
              ],
            },
          }
        : writes(entries),
    );
    await user.click(input("Theory of Alice"));
    await user.keyboard("61{Enter}46");
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]?.map(({ candidate }) => candidate)).toEqual([2]);
    expect(input("Theory of Alice")).toHaveAttribute("aria-invalid", "true");
    expect(input("Theory of Alice")).toHaveAccessibleDescription("Marks here are from 0 to 60.");
    expect(input("Theory of Alice")).toHaveValue("61");
  });

  test("does not write over somebody else's mark, and lets one choose", async () => {
    const theirs = {
      candidate: 2,
      component: 1,
      state: "marked",
      marks: "48.00",
      version: 9,
      by: "Noor",
      at: null,
    };
    const { user, sent } = await show({}, (entries, nth) =>
      nth === 1 ? { status: 412, body: { status: 412, code: "stale", cells: [theirs] } } : writes(entries),
    );
    await user.click(input("Theory of Bob"));
    await user.keyboard("50");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Noor wrote 48 meanwhile");
    await user.click(screen.getByRole("button", { name: "Use mine" }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual([{ candidate: 2, component: 1, state: "marked", marks: "50", version: 9 }]);
  });

  test("shows what a pasted block would do before it does it", async () => {
    const { user, sent } = await show();
    fireEvent.paste(input("Theory of Alice"), {
      clipboardData: { getData: () => "MB-003\t30\t12\nMB-009\t9\t9\n" },
    });
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("A number that no candidate has: MB-009")).toBeInTheDocument();
    expect(sent).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Put 2 marks in" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.map(({ candidate, marks }) => [candidate, marks])).toEqual([
      [3, "30"],
      [3, "12"],
    ]);
  });

  test("keeps only those in sight in whom something is missing", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: "Missing: 2" }));
    expect(screen.getByText("Alice")).toBeInTheDocument();
    expect(screen.queryByText("Bob")).not.toBeInTheDocument();
  });

  test("takes no marks of who may not sit, nor of a result that is verified, and says why", async () => {
    await show({
      rows: [
        row(1, "Alice", { admission: "not_eligible", code: "not_on_list", result: null }),
        row(2, "Bob", { cells: [cell(1, "45.00")], result: result({ status: "verified" }) }),
      ],
    });
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
    expect(screen.getByText("Not on the eligibility list")).toBeInTheDocument();
    expect(screen.getByText("Verified: marks no longer change")).toBeInTheDocument();
  });

  test("is only read before the exam has begun and by whoever does not mark", async () => {
    await show({ may_enter: false });
    expect(screen.getByText("You may read these marks, but not enter them.")).toBeInTheDocument();
    expect(screen.queryByRole("textbox", { name: /of Alice/ })).not.toBeInTheDocument();
  });
});
