// What a reader does with what they are told: the bell counts, one, some or all become read.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const notice = (id: number, facts: object = {}) => ({
  id,
  event: "week.published",
  family: "timetable",
  priority: "normal",
  title: `Week ${id}`,
  body: "",
  params: {},
  url: `/timetable/weeks/${id}`,
  created_at: "2026-03-09T08:00:00Z",
  read_at: null,
  ...facts,
});
const ME = {
  user: { id: 71, username: "sara" },
  person: { id: 71, name: "Sara" },
  institution: { id: 1, code: "x", name: "X", time_zone: "Asia/Karachi", locale: "en" },
  institutions: [],
  roles: ["student"],
  permissions: ["notification.view"],
  banner: null,
  impersonation: null,
  maintenance: null,
  language: null,
  unread_notifications: 9,
  open_inbox_items: 0,
  version: "1",
};

async function open(rows: object[], at = "/notifications") {
  const seen = stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/") return { body: ME };
    if (pathname.endsWith("/unread-count/")) return { body: { unread: 3 } };
    if (method === "POST") return { body: { marked: 1 } };
    return { body: { count: rows.length, next: null, previous: null, results: rows } };
  });
  await renderScreen(at);
  // The first screen of a run loads the whole client.
  await screen.findByRole("table", {}, { timeout: 15_000 });
  return seen;
}
const posts = async (seen: Request[]) =>
  Promise.all(
    seen
      .filter(({ method }) => method === "POST")
      .map(async (each) => [
        new URL(each.url).pathname.replace("/api/v1/comms/notifications/", ""),
        await each
          .clone()
          .json()
          .catch(() => null),
      ]),
  );

describe("the notifications", () => {
  test("are counted by the bell as the server counts them now, again when the window gets the focus", async () => {
    const seen = await open([notice(1)]);
    expect(await screen.findByRole("button", { name: "Notifications, 3 unread" })).toBeVisible();
    const asked = () => seen.filter(({ url }) => url.endsWith("/unread-count/")).length;
    const before = asked();
    window.dispatchEvent(new Event("focus"));
    await waitFor(() => expect(asked()).toBe(before + 1));
  });

  test("some of them become read together, and only those", async () => {
    const seen = await open([
      notice(1),
      notice(2),
      notice(3),
      notice(4, { read_at: "2026-03-09T09:00:00Z" }),
    ]);
    await userEvent.click(await screen.findByRole("checkbox", { name: "Choose “Week 1”" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Choose “Week 3”" }));
    expect(screen.getByRole("checkbox", { name: "Choose “Week 4”" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Mark 2 as read" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: /Mark 2/ })).not.toBeInTheDocument());
    expect(await posts(seen)).toEqual([["mark-read/", { all: false, ids: [1, 3] }]]);
  });

  test("one becomes read, or all", async () => {
    const seen = await open([notice(1), notice(2)]);
    await userEvent.click((await screen.findAllByRole("button", { name: "Mark as read" }))[1] as HTMLElement);
    await userEvent.click(screen.getByRole("button", { name: "Mark all as read" }));
    await waitFor(async () =>
      expect(await posts(seen)).toEqual([
        ["2/read/", null],
        ["mark-read/", { all: true, ids: [] }],
      ]),
    );
  });

  test("are asked for by what they are about, and say when they are urgent", async () => {
    const urgent = notice(1, {
      event: "announcement.sent",
      family: "announcements",
      priority: "urgent",
      body: "Use **Hall 2**.",
    });
    const seen = await open([urgent, notice(2)], "/notifications?family=announcements");
    const table = await screen.findByRole("table");
    expect(within(table).getByText("Urgent")).toBeVisible();
    expect(within(table).queryByText("Normal")).not.toBeInTheDocument();
    expect(within(table).getByText("Use Hall 2.")).toBeVisible();
    expect(seen.some(({ url }) => url.includes("/notifications/?family=announcements"))).toBe(true);
  });
});
