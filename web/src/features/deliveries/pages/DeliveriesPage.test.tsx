// Who watches over mail reads what went wrong in words, and knows what sending again does.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const mail = (id: number, status: string, error: string, facts: object = {}) => ({
  id,
  kind: "directory.invitation",
  title: "",
  recipient: null,
  address: `a${id}@example.org`,
  mode: "immediate",
  status,
  due_at: "2026-03-09T08:00:00Z",
  attempts: 6,
  settled_at: "2026-03-09T09:00:00Z",
  error,
  created_at: "2026-03-09T08:00:00Z",
  ...facts,
});
const ROWS = [
  mail(1, "failed", "outcome_unknown"),
  mail(2, "failed", "(550, b'no such user')"),
  mail(3, "pending", "ConnectionRefusedError: [Errno 111]", { settled_at: null }),
  mail(4, "suppressed", "cancelled", { kind: "announcement.sent", title: "Hall closed" }),
  mail(5, "suppressed", "no_address", { address: "" }),
  mail(6, "suppressed", "", { mode: "off" }),
];

async function open(...permissions: string[]) {
  const seen = stubServer(({ url, method }) => {
    if (url.endsWith("/me/")) {
      return {
        body: {
          user: { id: 91, username: "adam" },
          person: { id: 91, name: "Adam" },
          institution: { id: 1, code: "x", name: "X", time_zone: "Asia/Karachi", locale: "en" },
          institutions: [],
          roles: [],
          permissions: ["delivery.view", ...permissions],
          banner: null,
          impersonation: null,
          maintenance: null,
          language: null,
          unread_notifications: 0,
          open_inbox_items: 0,
          version: "1",
        },
      };
    }
    if (method === "POST") return { body: mail(1, "pending", "") };
    return { body: { count: ROWS.length, next: null, previous: null, results: ROWS } };
  });
  await renderScreen("/administration/deliveries");
  await screen.findByRole("table", {}, { timeout: 15_000 });
  return seen;
}
const row = (address: string) => screen.getByText(address).closest("tr") as HTMLElement;

describe("the outbox", () => {
  test("says in words what went wrong", async () => {
    await open();
    expect(row("a1@example.org")).toHaveTextContent("whether it left is not known");
    expect(row("a2@example.org")).toHaveTextContent("The mail server refused it");
    expect(row("a3@example.org")).toHaveTextContent("The mail server did not answer");
    expect(row("a4@example.org")).toHaveTextContent("It was called off before it left");
    expect(row("a4@example.org")).toHaveTextContent("Hall closed");
    expect(screen.getByText("No mail address is known.")).toBeVisible();
    expect(row("a6@example.org")).toHaveTextContent("The reader wants no mail of this kind.");
    expect(row("a1@example.org")).toHaveTextContent("Invitation");
    expect(screen.queryByRole("button", { name: "Send again" })).not.toBeInTheDocument();
  });

  test("asks before a mail leaves that may have left already", async () => {
    const seen = await open("delivery.retry");
    expect(screen.getAllByRole("button", { name: "Send again" })).toHaveLength(2);
    await userEvent.click(within(row("a1@example.org")).getByRole("button", { name: "Send again" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("then a1@example.org gets it twice");
    await userEvent.click(within(dialog).getByRole("button", { name: "Send again" }));
    await waitFor(() =>
      expect(seen.filter(({ method }) => method === "POST").map(({ url }) => new URL(url).pathname)).toEqual([
        "/api/v1/comms/deliveries/1/retry/",
      ]),
    );
  });
});
