// An administrator subscribes a machine, keeps the secret at the one moment it is told, and sees what really came back.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";

const PAGE = "/dashboard/settings/webhooks";
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const ENDPOINT = {
  id: 4,
  name: "Ledger",
  url: "https://hooks.example.org/in",
  description: "",
  enabled: true,
  disabled_reason: null,
  events: ["person.*"],
  filters: {},
  secrets: [{ masked: "whsec_********Hh8=", expires_at: null }],
  created_by_name: "Adam",
  last_success_at: null,
  last_failure_at: null,
  failing_since: null,
  failures: 0,
  version: 3,
  created_at: "2026-03-09T08:00:00Z",
  updated_at: "2026-03-09T08:00:00Z",
};
const event = (type: string, filters: string[] = []) => ({
  type,
  meaning: `Meaning of ${type}.`,
  filters,
  data_schema: {},
  example: {},
});
const APPS = [
  { app: "directory", events: [event("person.created"), event("person.updated"), event("leave.approved")] },
  { app: "timetable", events: [event("week_plan.published", ["batch_id"])] },
];
const SENT = {
  id: 9,
  endpoint: 4,
  event_id: "evt_01JD0000000000000000000007",
  event_type: "person.updated",
  status: "dead",
  attempts: 1,
  next_attempt_at: null,
  settled_at: "2026-03-09T08:00:00Z",
  created_at: "2026-03-09T08:00:00Z",
};
const attempt = (facts: object) => ({
  n: 1,
  at: "2026-03-09T08:00:00Z",
  ip: "93.184.216.34",
  status_code: null,
  latency_ms: 120,
  error_code: "",
  response_excerpt: "",
  ...facts,
});

async function open(at = PAGE, endpoint: object = ENDPOINT, tested: object = attempt({ status_code: 204 })) {
  const seen = stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith("/me/")) {
      return {
        body: {
          user: { id: 91, username: "adam" },
          person: { id: 91, name: "Adam" },
          institution: { id: 1, code: "x", name: "X", time_zone: "Asia/Karachi", locale: "en" },
          institutions: [],
          roles: [],
          permissions: ["webhook.manage"],
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
    if (pathname.endsWith("/events/")) return { body: { apps: APPS } };
    if (pathname.endsWith("/rotate_secret/")) return { body: { ...endpoint, secret: SECRET } };
    if (pathname.endsWith("/test/")) {
      const { error_code, status_code } = tested as { error_code: string; status_code: number | null };
      const status = !error_code && status_code === 204 ? "succeeded" : "dead";
      return { body: { ...SENT, event_type: "webhook.test", status, body: "{}", made: [tested] } };
    }
    if (pathname.endsWith("/webhooks/deliveries/9/")) {
      return { body: { ...SENT, body: '{"type":"person.updated"}', made: [attempt({ status_code: 500 })] } };
    }
    if (pathname.endsWith("/4/deliveries/")) {
      return { body: { count: 1, next: null, previous: null, results: [SENT] } };
    }
    if (pathname.endsWith("/webhooks/4/")) return { body: endpoint };
    if (pathname.endsWith("/webhooks/") && method === "POST") {
      return { status: 201, body: { ...endpoint, secret: SECRET } };
    }
    return { body: { count: 1, next: null, previous: null, results: [endpoint] } };
  });
  await renderScreen(at);
  return seen;
}
const bodies = (seen: Request[], method: string, end: string) =>
  Promise.all(
    seen
      .filter((each) => each.method === method && new URL(each.url).pathname.endsWith(end))
      .map((each) => each.clone().json()),
  );
const SLOW = { timeout: 15_000 };

describe("webhooks", () => {
  test("are listed with what they are sent and how they fare", async () => {
    await open();
    const row = (await screen.findByText("Ledger", {}, SLOW)).closest("tr") as HTMLElement;
    expect(row).toHaveTextContent("person.*");
    expect(row).toHaveTextContent("On");
    expect(row).toHaveTextContent("Nothing sent yet");
  });

  test("show their secret once, when they are made", async () => {
    const seen = await open(`${PAGE}/new`);
    await userEvent.type(await screen.findByRole("textbox", { name: /Name/ }, SLOW), "Ledger");
    await userEvent.type(screen.getByRole("textbox", { name: /Address/ }), "hooks.example.org/in");
    await userEvent.click(screen.getByRole("button", { name: /Timetable/ }));
    await userEvent.click(await screen.findByRole("checkbox", { name: "Every event of week_plan" }));
    expect(screen.getByText("Numbers of batches")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Add a webhook" }));
    expect(await screen.findByRole("textbox", { name: "Secret" })).toHaveValue(SECRET);
    expect(screen.getByRole("alert")).toHaveTextContent("shown this once");
    expect(await bodies(seen, "POST", "/webhooks/")).toEqual([
      {
        name: "Ledger",
        url: "https://hooks.example.org/in",
        description: "",
        events: ["week_plan.*"],
        filters: {},
      },
    ]);
    await userEvent.click(screen.getByRole("link", { name: "I have kept it" }));
    await screen.findByText("whsec_********Hh8=", {}, SLOW);
    expect(screen.queryByText(SECRET)).not.toBeInTheDocument();
  });

  test("are not made without an event", async () => {
    const seen = await open(`${PAGE}/new`);
    await userEvent.type(await screen.findByRole("textbox", { name: /Name/ }, SLOW), "Ledger");
    await userEvent.click(screen.getByRole("button", { name: "Add a webhook" }));
    expect((await screen.findAllByText("Choose what is sent")).length).toBeGreaterThan(0);
    expect(await bodies(seen, "POST", "/webhooks/")).toEqual([]);
  });

  test("tell what a receiver really answered to a test", async () => {
    await open(`${PAGE}/4`, ENDPOINT, attempt({ status_code: 500, response_excerpt: "No such book" }));
    await userEvent.click(await screen.findByRole("button", { name: "Send a test" }, SLOW));
    const outcome = await screen.findByText("It did not arrive.");
    const notice = outcome.closest("[role=status]") as HTMLElement;
    expect(notice).toHaveTextContent("Answered 500 in 120 ms.");
    expect(notice).toHaveTextContent("No such book");
  });

  test("name why nothing was answered", async () => {
    await open(`${PAGE}/4`, ENDPOINT, attempt({ error_code: "blocked_address", ip: "" }));
    await userEvent.click(await screen.findByRole("button", { name: "Send a test" }, SLOW));
    expect(await screen.findByText(/does not belong to the public internet/)).toBeVisible();
  });

  test("get a new secret after a question about the grace", async () => {
    const seen = await open(`${PAGE}/4`);
    await userEvent.click(await screen.findByRole("button", { name: "New secret" }, SLOW));
    const dialog = await screen.findByRole("dialog");
    const grace = within(dialog).getByRole("textbox", { name: /Grace/ });
    await userEvent.clear(grace);
    await userEvent.type(grace, "48");
    await userEvent.click(within(dialog).getByRole("button", { name: "Make a new secret" }));
    expect(await within(dialog).findByRole("textbox", { name: "Secret" })).toHaveValue(SECRET);
    expect(await bodies(seen, "POST", "/rotate_secret/")).toEqual([{ grace_hours: 48 }]);
    await userEvent.click(within(dialog).getByRole("button", { name: "I have kept it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  test("show every attempt of an event and send it once more under its id", async () => {
    const seen = await open(`${PAGE}/4`);
    await userEvent.click(await screen.findByRole("button", { name: "Open" }, SLOW));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText(/Answered 500/)).toBeVisible();
    expect(dialog).toHaveTextContent("evt_01JD0000000000000000000007");
    await userEvent.click(within(dialog).getByRole("button", { name: "Send again" }));
    const question = await screen.findByText(/The same bytes leave under the same id/);
    const asked = question.closest("[role=dialog]") as HTMLElement;
    await userEvent.click(within(asked).getByRole("button", { name: "Send again" }));
    await waitFor(() =>
      expect(
        seen.filter(({ method, url }) => method === "POST" && url.endsWith("/deliveries/9/redeliver/")),
      ).toHaveLength(1),
    );
  });

  test("that failed for days say so and can be switched on", async () => {
    const off = { ...ENDPOINT, enabled: false, disabled_reason: "failing" };
    const seen = await open(`${PAGE}/4`, off);
    expect(await screen.findByText(/It failed for five days/, {}, SLOW)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Switch on" }));
    await waitFor(async () => expect(await bodies(seen, "PATCH", "/4/")).toEqual([{ enabled: true }]));
    expect(screen.queryByRole("button", { name: "Send what died again" })).not.toBeInTheDocument();
  });
});
