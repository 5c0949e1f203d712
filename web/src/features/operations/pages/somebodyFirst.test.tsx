// Two people at one alert or job: whoever comes second is told so and sees it as it is by then.
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { JOB, ME, MOVE, page, QUEUE } from "./samples";

const ALERT = {
  id: 3,
  rule: "http_5xx",
  title: "The server fails to answer",
  step: "Read the log.",
  subject: "",
  severity: "critical",
  value: 14,
  threshold: 10,
  unit: "count",
  first_at: "2026-03-02T09:00:00Z",
  last_at: "2026-03-02T09:10:00Z",
  count: 8,
  acknowledged_at: null,
  comment: "",
  resolved_at: null,
  values: [],
};
const OPEN_MOVE = { ...MOVE, allowed: true, missing: [] };

/** Somebody else does it first: the move is refused, and what is read from then on says so. */
const refusedOnce = (url: string, before: object, after: object, others: Record<string, unknown> = {}) => {
  let row = before;
  stubServer(({ url: asked, method }) => {
    const { pathname } = new URL(asked);
    if (method === "POST") {
      row = after;
      return { status: 409, body: { code: "not_now", status: 409, detail: "Somebody was first." } };
    }
    const known: Record<string, unknown> = {
      "/api/v1/me/": { ...ME, permissions: ["alert.view", "job.view", "operations.view"] },
      [url]: row,
      ...others,
    };
    return pathname in known ? { body: known[pathname] } : { status: 404, body: { code: "not_found" } };
  });
};

test("an alert that somebody else acknowledged first is shown as it is now", async () => {
  const firing = {
    ...ALERT,
    status: "firing",
    moves: [{ ...OPEN_MOVE, name: "acknowledge", label: "Acknowledge", needs_reason: true }],
  };
  refusedOnce("/api/v1/operations/alerts/3/", firing, { ...ALERT, status: "acknowledged", moves: [] });
  await renderScreen("/operations/alerts/3");
  await userEvent.click(await screen.findByRole("button", { name: "Acknowledge" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByRole("textbox"), "Looked at");
  await userEvent.click(within(dialog).getByRole("button", { name: "Acknowledge" }));
  expect(await within(dialog).findByText("Somebody was first.")).toBeVisible();
  expect(await screen.findByText("Acknowledged", { selector: "main *", ignore: "dt" })).toBeInTheDocument();
});

test("a job that somebody else queued again first is shown as it is now", async () => {
  const failed = {
    ...JOB,
    status: "failed",
    percent: null,
    moves: [{ ...OPEN_MOVE, name: "retry", label: "Retry" }],
  };
  const url = "/api/v1/operations/jobs/";
  refusedOnce(url, page([failed]), page([JOB]), { [`${url}stats/`]: { results: [QUEUE] } });
  await renderScreen("/operations/jobs");
  await userEvent.click(await screen.findByRole("button", { name: "Queue again" }));
  expect(await screen.findByText("Somebody was first.")).toBeVisible();
  expect(await screen.findByText("75 % done")).toBeInTheDocument();
});
