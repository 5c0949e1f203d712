import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { meQuery } from "../../../api/me";
import { renderApp } from "../../../test/render";
import { lostConnection, stubServer } from "../../../test/server";
import type { Week, WeekCell } from "../grid/sheet";
import { exampleWeek, PATHOLOGY } from "../test/exampleWeek";
import { WeekWorkspace } from "./WeekWorkspace";

const ME = {
  user: { id: 1, username: "alice" },
  person: { id: 1, name: "Alice" },
  institution: { id: 1, name: "Farabi", code: "farabi", time_zone: "Asia/Karachi", first_weekday: 0 },
  institutions: [],
  roles: ["coordinator"],
  permissions: ["week.edit", "week.view_drafts"],
};

type Answers = { status?: number; body?: unknown };
type Options = {
  week?: Week;
  save?: (body: Record<string, unknown>, attempt: number) => Answers;
  fresh?: Week;
};

beforeEach(() => {
  sessionStorage.clear();
  Element.prototype.setPointerCapture = () => undefined;
});

/** Alice opens a week of her batch. */
async function open({ week = exampleWeek(), save, fresh }: Options = {}) {
  let attempt = 0;
  const bodies: Record<string, unknown>[] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: ME };
    if (pathname.endsWith("/save-grid/")) {
      const body = (await request.json()) as Record<string, unknown>;
      bodies.push(body);
      return save ? save(body, ++attempt) : { body: saved(week) };
    }
    if (pathname === `/api/v1/timetable/weeks/${week.id}/`) return { body: fresh ?? week };
    return { body: { count: 0, next: null, previous: null, results: [] } };
  });
  const view = await renderApp(() => <WeekWorkspace week={week} />);
  view.queryClient.setQueryData(meQuery.queryKey, ME as never);
  await screen.findByRole("grid");
  return { user: userEvent.setup(), bodies, ...view };
}

function saved(week: Week, filled?: Record<string, Partial<WeekCell>>) {
  const after = filled ? exampleWeek(filled) : week;
  const conflicts = { count: 0, results: [] };
  const { rows, cells, moves } = after;
  return {
    id: 7,
    status: "draft",
    version: 8,
    rows,
    cells,
    moves,
    conflicts,
    changed: { rows: 0, cells: 1 },
  };
}

function cell(address: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-address="${address}"]`);
  if (!found) throw new Error(`no cell ${address}`);
  return found;
}

const unsaved = () => screen.queryByRole("region", { name: "Unsaved changes" });

describe("moving about", () => {
  test("one cell is in the tab order, and arrows take the focus with them", async () => {
    const { user } = await open();
    const inOrder = () => screen.getAllByRole("gridcell").filter((each) => each.tabIndex === 0);
    expect(inOrder()).toHaveLength(1);
    await user.click(cell("1:0"));
    await user.keyboard("{ArrowDown}{ArrowRight}");
    expect(cell("2:1")).toHaveFocus();
    expect(inOrder()).toEqual([cell("2:1")]);
    await user.keyboard("{End}");
    expect(cell("2:4")).toHaveFocus();
    await user.keyboard("{Control>}{Home}{/Control}");
    expect(cell("1:0")).toHaveFocus();
  });

  test("Shift selects a range, Tab goes on, and Esc lets Tab leave", async () => {
    const { user } = await open();
    await user.click(cell("1:0"));
    await user.keyboard("{Shift>}{ArrowRight}{ArrowDown}{/Shift}");
    const chosen = screen.getAllByRole("gridcell").filter((each) => each.ariaSelected === "true");
    expect(chosen.map((each) => each.dataset.address)).toEqual(["1:0", "1:1", "2:0", "2:1"]);
    await user.keyboard("{Tab}");
    expect(cell("2:2")).toHaveFocus();
    await user.keyboard("{Escape}{Tab}");
    expect(screen.getByRole("grid")).not.toContainElement(document.activeElement as HTMLElement);
  });
});

describe("editing", () => {
  test("a letter opens the editor with itself, and Enter keeps the words as the topic", async () => {
    const { user } = await open();
    await user.click(cell("2:1"));
    await user.keyboard("Ward round");
    expect(screen.getByRole("textbox", { name: "Course or section" })).toHaveValue("Ward round");
    await user.keyboard("{Enter}{Enter}");
    expect(cell("2:1")).toHaveTextContent("Ward round");
    expect(cell("3:1")).toHaveFocus();
    expect(unsaved()).toHaveTextContent("1 unsaved change");
  });

  test("Esc takes the edit back and returns to the cell", async () => {
    const { user } = await open();
    await user.click(cell("1:0"));
    await user.keyboard("{Enter}");
    const topic = screen.getByRole("textbox", { name: "Topic" });
    await user.clear(topic);
    await user.type(topic, "Shock");
    expect(cell("1:0")).toHaveTextContent("Shock");
    await user.keyboard("{Escape}");
    expect(cell("1:0")).toHaveTextContent("Cell injury");
    expect(cell("1:0")).toHaveFocus();
    expect(unsaved()).toBeNull();
  });

  test("Delete clears, Ctrl+Z brings back, and both are announced", async () => {
    const { user } = await open();
    await user.click(cell("1:0"));
    await user.keyboard("{Delete}");
    expect(cell("1:0")).not.toHaveTextContent("Pathology");
    expect(screen.getByText("1 cell cleared")).toBeInTheDocument();
    await user.keyboard("{Control>}z{/Control}");
    expect(cell("1:0")).toHaveTextContent("Pathology");
    expect(unsaved()).toBeNull();
  });

  test("lines pasted from a spreadsheet land in the topics", async () => {
    const { user } = await open();
    await user.click(cell("2:0"));
    const getData = (type: string) => (type === "text/plain" ? "Repair\tShock\nTumours" : "");
    fireEvent.paste(cell("2:0"), { clipboardData: { getData } });
    expect(cell("2:0")).toHaveTextContent("Repair");
    expect(cell("2:1")).toHaveTextContent("Shock");
    expect(cell("3:0")).toHaveTextContent("Tumours");
  });

  test("a reader who may not edit moves about and changes nothing", async () => {
    const { user } = await open({ week: { ...exampleWeek(), may_edit: false } });
    await user.click(cell("1:0"));
    await user.keyboard("{Delete}x");
    expect(cell("1:0")).toHaveTextContent("Pathology");
    expect(screen.queryByRole("textbox", { name: "Topic" })).toBeNull();
    expect(screen.getByRole("grid")).toHaveAttribute("aria-readonly", "true");
  });
});

describe("saving", () => {
  test("Ctrl+S sends what differs on the version it is based on, in one call", async () => {
    const { user, bodies } = await open();
    await user.click(cell("1:0"));
    await user.keyboard("{Delete}{Control>}s{/Control}");
    await screen.findByText(/^Saved at/);
    expect(bodies).toEqual([{ cells: [{ row_index: 1, day_of_week: 0, status: "empty" }] }]);
  });

  test("a refused cell shows its fault and keeps what was typed", async () => {
    const errors = [{ pointer: "/cells/0/room", code: "unknown_reference", detail: "This room is unknown." }];
    const { user } = await open({
      save: () => ({ status: 422, body: { status: 422, code: "invalid", errors } }),
    });
    await user.click(cell("1:0"));
    await user.keyboard("{Delete}{Control>}s{/Control}");
    expect(await within(cell("1:0")).findByText("This room is unknown.")).toBeInTheDocument();
    expect(cell("1:0")).toHaveAttribute("aria-invalid", "true");
    expect(unsaved()).toHaveTextContent("Nothing was saved: 1 entry needs your attention.");
  });

  test("a refusal for the state of things marks the cells it names and leads to them", async () => {
    const where = { cells: [{ id: 20, row_index: 2, day_of_week: 1 }] };
    const clash = { code: "room_clash", label: "The room is taken at that time", detail: "Room 8", where };
    const { user } = await open({
      save: () => ({
        status: 409,
        body: {
          status: 409,
          code: "not_now",
          detail: clash.label,
          missing: [{ ...clash, severity: "block" }],
        },
      }),
    });
    await user.click(cell("1:0"));
    await user.keyboard("{Delete}{Control>}s{/Control}");
    expect(await within(cell("2:1")).findByText("The room is taken at that time")).toBeInTheDocument();
    expect(cell("1:0")).not.toHaveAttribute("aria-invalid");
    await user.click(screen.getByRole("button", { name: "Tue 10 Mar, 08:50" }));
    expect(cell("2:1")).toHaveFocus();
    expect(unsaved()).toHaveTextContent("1 unsaved change");
  });

  test("a lost connection loses nothing", async () => {
    const { user } = await open({
      save: () => {
        throw lostConnection;
      },
    });
    await user.click(cell("1:0"));
    await user.keyboard("{Delete}{Control>}s{/Control}");
    expect(await screen.findByText("The server does not answer")).toBeInTheDocument();
    expect(unsaved()).toHaveTextContent("1 unsaved change");
  });

  test("somebody else's version is shown beside one's own, and the choice is saved on it", async () => {
    const theirs = {
      ...exampleWeek({ "1:0": { ...PATHOLOGY, topic: "Theirs" } }),
      version: 8,
      edited_by: "Bob",
    };
    const { user, bodies } = await open({
      fresh: theirs,
      save: (_body, attempt) =>
        attempt === 1
          ? { status: 412, body: { status: 412, code: "stale_version" } }
          : { body: { ...saved(theirs, { "1:0": { ...PATHOLOGY, topic: "Mine" } }), version: 9 } },
    });
    await user.click(cell("1:0"));
    await user.keyboard("{Enter}");
    const topic = screen.getByRole("textbox", { name: "Topic" });
    await user.clear(topic);
    await user.type(topic, "Mine{Enter}{Control>}s{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "Two versions of this week" });
    expect(within(dialog).getByText("Mine")).toBeInTheDocument();
    expect(within(dialog).getByText("Theirs")).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Save on the new version" }));
    await waitFor(() => expect(bodies).toHaveLength(2));
    expect(bodies[1]).toEqual({ cells: [{ row_index: 1, day_of_week: 0, topic: "Mine" }] });
    await waitFor(() => expect(unsaved()).toBeNull());
  });
});

describe("work left behind", () => {
  test("is offered after a reload, not restored silently", async () => {
    const first = await open();
    await first.user.click(cell("1:0"));
    await first.user.keyboard("{Delete}");
    first.unmount();
    const { user } = await open();
    expect(cell("1:0")).toHaveTextContent("Pathology");
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect(cell("1:0")).not.toHaveTextContent("Pathology");
    expect(unsaved()).toHaveTextContent("1 unsaved change");
  });
});
