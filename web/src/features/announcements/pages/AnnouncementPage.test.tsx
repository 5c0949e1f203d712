// An announcement on its way: asked once before people are told, read on the board by those it is for.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const me = (permissions: string[]) => ({
  user: { id: 81, username: "ruth" },
  person: { id: 81, name: "Ruth" },
  institution: { id: 1, code: "x", name: "X", time_zone: "Asia/Karachi", locale: "en" },
  institutions: [],
  roles: [],
  permissions,
  banner: null,
  impersonation: null,
  maintenance: null,
  language: null,
  unread_notifications: 0,
  open_inbox_items: 0,
  version: "1",
});
const need = (code: string, label: string) => ({ code, label, detail: "", severity: "block", where: null });
const move = (name: string, ...missing: object[]) => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  allowed: missing.length === 0,
  needs_reason: name === "cancel",
  missing,
  warnings: [],
});
const DRAFT = {
  id: 5,
  title: "Hall closed",
  body: "Use **Hall 2**.\n\n<img src=x onerror=alert(1)>",
  category: "",
  priority: "high",
  audience: [["role:student", "status:active"]],
  send_email: true,
  publish_at: null,
  expires_at: null,
  status: "draft",
  created_by_name: "Ruth",
  sent_at: null,
  recipients_count: null,
  version: 3,
  created_at: "2026-03-09T08:00:00Z",
  updated_at: "2026-03-09T08:00:00Z",
  moves: [
    move("schedule", need("publish_time_to_come", "A time to come is set")),
    move("send"),
    move("cancel", need("wrong_status", "")),
  ],
};
const SENT = {
  ...DRAFT,
  status: "sent",
  sent_at: "2026-03-09T09:00:00Z",
  recipients_count: 62,
  moves: [
    move("schedule", need("wrong_status", "")),
    move("send", need("ALREADY_SENT", "")),
    move("cancel", need("wrong_status", "")),
  ],
};

async function open(at: string, permissions: string[], row: object = DRAFT) {
  let current = row;
  const seen = stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/") return { body: me(["notification.view", ...permissions]) };
    if (pathname.endsWith("/preview-audience/")) return { body: { count: 62, sample: ["Sara"] } };
    if (method === "POST") {
      current = SENT;
      return { body: current };
    }
    if (/\/(announcements|board)\/5\/$/.test(pathname)) return { body: current };
    return { body: { count: 1, unread: 0, next: null, previous: null, results: [SENT] } };
  });
  const view = await renderScreen(at);
  await screen.findByRole("heading", { level: 1 }, { timeout: 15_000 });
  return { seen, ...view };
}
const moved = (seen: Request[]) => seen.filter(({ url }) => url.includes("/moves/"));

describe("an announcement", () => {
  test("says how many will be told before it is sent, and is sent once that is confirmed", async () => {
    const { seen } = await open("/announcements/5", ["announcement.send"]);
    const moves = screen.getByRole("group", { name: "What can be done now" });
    expect(within(moves).queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument();
    expect(within(moves).getByRole("button", { name: "Schedule" })).toHaveAccessibleDescription(
      "Not possible yet. A time to come is set",
    );
    await userEvent.click(within(moves).getByRole("button", { name: "Send" }));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText("62 people will be told now.")).toBeVisible();
    expect(moved(seen)).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Send" }));
    await waitFor(() => expect(moved(seen)).toHaveLength(1));
    expect(moved(seen)[0]?.headers.get("If-Match")).toBe('"3"');
    expect(await screen.findByText("Sent", { selector: "[class*=badge] *" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
  });

  test("is read by others on the board, without a mark that is no mark", async () => {
    const { router, container } = await open("/announcements/5", [], SENT);
    expect(router.state.location.pathname).toBe("/board/5");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Hall closed");
    expect(screen.getByText("Hall 2").tagName).toBe("STRONG");
    expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeVisible();
    expect(container.querySelector("img")).toBeNull();
  });

  test("stands on the board and on the start page", async () => {
    await open("/board", [], SENT);
    expect(await screen.findByRole("link", { name: "Hall closed" })).toHaveAttribute("href", "/board/5");
    expect(screen.queryByRole("link", { name: "Announcements" })).not.toBeInTheDocument();
  });
});
