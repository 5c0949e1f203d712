// What operators meet on their screens: figures that lead on, reasons for what cannot be done, and one question before
// doors are opened.
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { switchLanguage } from "../../../i18n/i18n";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { JOB, ME, MOVE, page, QUEUE } from "./samples";

const OVERVIEW = {
  version: "1.4.0",
  build: "a".repeat(12),
  env: "production",
  at: "2026-03-02T09:30:20Z",
  started_at: "2026-03-02T09:00:00Z",
  maintenance: { is_on: false, level: null, until: null },
  health: { status: "ok" },
  verification: { result: "verified", at: "2026-03-02T09:00:00Z", build_id: "a".repeat(12), scope: "full" },
  backup: { name: "fmu_1", proven_at: "2026-03-02T04:30:00Z", age_hours: 5, offsite_at: null, drill: null },
  jobs: { queued: 0, active: 0, failed_24h: 0, oldest_seconds: null },
  processes: { web: 1, worker: 1, differing_build: 0 },
  alerts: { critical: 0, warning: 0, evaluated_at: "2026-03-02T09:30:00Z" },
  disks: [{ path: "/var/maristan", used_ratio: 0.4 }],
  limits: { backup_hours: 26, disk_ratio: 0.85, disk_full_ratio: 0.95 },
};
/** The server, which gives these answers; the longest address that fits answers. */
function serve(answers: Record<string, unknown>): Request[] {
  const all: Record<string, unknown> = { "/api/v1/me/": ME, ...answers };
  return stubServer(({ url }) => {
    const { pathname } = new URL(url);
    const known = Object.keys(all).filter((each) => pathname.startsWith(each));
    const best = known.sort((one, other) => other.length - one.length)[0];
    return best ? { body: all[best] } : { status: 404, body: { code: "not_found", status: 404 } };
  });
}

const sentence = async (seen: object) => {
  serve({ "/api/v1/operations/overview/": { ...OVERVIEW, ...seen } });
  const view = await renderScreen("/operations");
  const { textContent } = await screen.findByText(/1\.4\.0/, { selector: "[role=status]" });
  view.unmount();
  return (textContent ?? "").replace(/[⁦-⁩]/g, "");
};

test("the first sentence is made of figures and says what is not known", async () => {
  expect(await sentence({})).toBe("Release 1.4.0 is verified; last proven backup 5 h ago; nothing fires.");
  expect(
    await sentence({
      verification: null,
      backup: { ...OVERVIEW.backup, name: null, age_hours: null },
      alerts: { critical: 0, warning: 0, evaluated_at: null },
      processes: { ...OVERVIEW.processes, worker: 0 },
    }),
  ).toBe(
    "No worker lives: mail, files and everything by schedule wait. Release 1.4.0 has not been verified yet; " +
      "no backup has been proven yet; nobody has looked for alerts for five minutes.",
  );
  expect(await sentence({ alerts: { ...OVERVIEW.alerts, critical: 2, warning: 1 } })).toBe(
    "Release 1.4.0 is verified; last proven backup 5 h ago; alerts that fire: critical 2, warnings 1.",
  );
});

test("the sentence is written in the reader's language", async () => {
  await switchLanguage("ur");
  expect(await sentence({})).toContain(
    "ریلیز 1.4.0 تصدیق شدہ ہے؛ آخری ثابت شدہ بیک اپ 5 گھنٹے پہلے؛ کوئی انتباہ نہیں",
  );
});

test("every figure leads to its screen", async () => {
  serve({ "/api/v1/operations/overview/": OVERVIEW });
  await renderScreen("/operations");
  const main = await screen.findByRole("main");
  const leads = async (name: RegExp) =>
    (await within(main).findByRole("link", { name })).getAttribute("href");
  expect(await leads(/^Release/)).toBe("/operations/releases");
  expect(await leads(/^Last proven backup/)).toBe("/operations/backups");
  expect(await leads(/^Health/)).toBe("/operations/processes");
  expect(await leads(/^Disk used/)).toBe("/operations/alerts");
});

test("a deployment says which findings somebody answered for", async () => {
  const done = {
    id: 1,
    run_id: "r",
    kind: "deploy",
    from_build: "a".repeat(12),
    to_build: "b".repeat(12),
    status: "succeeded_with_warnings",
    exit_code: 0,
    started_at: "2026-03-02T09:00:00Z",
    finished_at: "2026-03-02T09:10:00Z",
    started_by: "olga",
    host: "h",
    set_name: "",
    report: "",
    steps: [],
    accepted: [{ code: "clock_skew", subject: "database", reason: "Both are set right tonight." }],
  };
  serve({
    "/api/v1/me/": { ...ME, permissions: [...ME.permissions, "release.view"] },
    "/api/v1/operations/releases/current/": {
      build_id: "b".repeat(12),
      standing: null,
      beside: null,
      capabilities: [],
    },
    "/api/v1/operations/deployments/": page([done]),
    "/api/v1/operations/releases/": page([]),
    "/api/v1/operations/verifications/": page([]),
  });
  await renderScreen("/operations/releases");
  expect(await screen.findByText("clock_skew database")).toBeInTheDocument();
  expect(screen.getByText("Both are set right tonight.")).toBeInTheDocument();
});

test("what was measured says when; once the server is away one line says so", async () => {
  serve({ "/api/v1/operations/overview/": OVERVIEW });
  const { queryClient } = await renderScreen("/operations");
  const measured = await screen.findByText(/^Health, jobs, processes, maintenance and disks were measured/);
  expect(measured.querySelector("time")).toHaveAttribute("datetime", OVERVIEW.at);
  serve({});
  await queryClient.refetchQueries({ queryKey: ["/api/v1/operations/overview/"] });
  const lost = await screen.findByText(/^The server does not answer/);
  expect(lost.querySelector("time")).toHaveAttribute("datetime", OVERVIEW.at);
  expect(screen.queryByText(/were measured/)).toBeNull();
});

const WINDOWS_URL = "/api/v1/operations/maintenance/";

test("maintenance does not begin without the end that people are told, and then stands over the screen", async () => {
  const answers: Record<string, unknown> = { [WINDOWS_URL]: page([]) };
  const asked = serve(answers);
  await renderScreen("/operations/maintenance");
  await userEvent.click(
    (await screen.findAllByRole("button", { name: "New maintenance" }))[0] as HTMLElement,
  );
  await userEvent.click(await screen.findByRole("button", { name: "Begin now" }));
  const until = screen.getByLabelText(/^Until/);
  await waitFor(() => expect(until).toHaveAccessibleDescription(/Say until when/));
  const begun = () => asked.filter(({ method }) => method === "POST");
  expect(begun()).toHaveLength(0);
  fireEvent.change(until, { target: { value: "2126-03-02T10:00" } });
  const told = () => asked.filter(({ url }) => url.endsWith("/api/v1/me/")).length;
  const before = told();
  await userEvent.click(screen.getByRole("button", { name: "Begin now" }));
  await waitFor(() => expect(begun()).toHaveLength(1));
  await waitFor(() => expect(told()).toBeGreaterThan(before));
});

test("a time that another window has names that window and its times, and leads to it", async () => {
  const where = { window: 4, from: "2126-03-02T09:00:00Z", until: "2126-03-02T11:00:00Z" };
  const taken = {
    code: "no_overlap",
    status: 409,
    missing: [{ code: "no_overlap", label: "No other window", detail: "Disks", severity: "block", where }],
  };
  stubServer(({ url, method }) => {
    if (method === "POST") return { status: 409, body: taken };
    return { body: url.endsWith("/me/") ? ME : page([]) };
  });
  await renderScreen("/operations/maintenance");
  await userEvent.click(
    (await screen.findAllByRole("button", { name: "New maintenance" }))[0] as HTMLElement,
  );
  fireEvent.change(await screen.findByLabelText(/^Until/), { target: { value: "2126-03-02T10:00" } });
  await userEvent.click(screen.getByRole("button", { name: "Begin now" }));
  expect(await screen.findByText("Disks")).toBeVisible();
  expect(screen.getByRole("button", { name: /2126.* – .*2126/ })).toBeVisible();
});

test("maintenance ends after one question", async () => {
  const open = {
    id: 4,
    level: "full",
    message: "Disks",
    planned_from: "2026-03-02T09:00:00Z",
    until: "2026-03-02T09:30:00Z",
    started_at: "2026-03-02T09:00:00Z",
    ended_at: null,
    by: "olga",
    version: 2,
    status: "open",
    moves: [{ ...MOVE, name: "end", label: "End", allowed: true, missing: [] }],
  };
  const asked = serve({ "/api/v1/operations/maintenance/4/": open });
  await renderScreen("/operations/maintenance/4");
  const ended = () => asked.filter(({ method, url }) => method === "POST" && url.endsWith("/moves/end/"));
  await userEvent.click(await screen.findByRole("button", { name: "End" }));
  const dialog = await screen.findByRole("dialog", { name: "End this maintenance?" });
  expect(ended()).toHaveLength(0);
  const told = () => asked.filter(({ url }) => url.endsWith("/api/v1/me/")).length;
  const before = told();
  await userEvent.click(within(dialog).getByRole("button", { name: "End" }));
  await waitFor(() => expect(ended()).toHaveLength(1));
  expect(ended()[0]?.headers.get("If-Match")).toBe('"2"');
  await waitFor(() => expect(told()).toBeGreaterThan(before));
});

const PROGRESS = { status: "running", percent: 40, step: "dumping", message: "", result: null };
const jobs = async (at: string) => {
  const asked = serve({
    "/api/v1/operations/jobs/": page([JOB, { ...JOB, id: 32, percent: null }]),
    "/api/v1/operations/jobs/stats/": { results: [QUEUE] },
  });
  const view = await renderScreen(at);
  await screen.findByText("#31");
  return { ...view, asked };
};

test("a job says how far it is where it counts, and why it is not queued again", async () => {
  await jobs("/operations/jobs");
  expect(screen.getAllByRole("progressbar", { name: "Done so far" })).toHaveLength(1);
  expect(screen.getByText("75 % done")).toBeVisible();
  const [retry] = screen.getAllByRole("button", { name: "Queue again" });
  expect(retry).toHaveAttribute("aria-disabled", "true");
  expect(retry).toHaveAccessibleDescription(/failed/i);
});

test("a job that failed names its error and the request that queued it", async () => {
  const failed = {
    ...JOB,
    status: "failed",
    percent: null,
    error: "worker_lost",
    request_id: "req-7f3a90c2",
  };
  serve({
    "/api/v1/operations/jobs/": page([failed]),
    "/api/v1/operations/jobs/stats/": { results: [QUEUE] },
  });
  await renderScreen("/operations/jobs");
  expect(await screen.findByText("req-7f3a90c2")).toBeVisible();
  expect(screen.getByText("worker_lost")).toBeVisible();
});

test("a set says when it was copied elsewhere without being asked", async () => {
  const set = {
    id: 5,
    name: "fmu_20260302_020000",
    reason: "scheduled",
    status: "proven",
    created_at: "2026-03-02T02:00:00Z",
    size_bytes: 4096,
    encrypted: false,
    media: "copy",
    proven_at: "2026-03-02T02:05:00Z",
    tables_compared: 9,
    media_files: 2,
    offsite_at: "2026-03-02T02:10:00Z",
    error_code: "",
    kept: [],
    restore_command: "",
    moves: [],
  };
  serve({
    "/api/v1/me/": { ...ME, permissions: ["backup.view"] },
    "/api/v1/operations/backups/": page([set]),
  });
  await renderScreen("/operations/backups");
  expect(await screen.findByRole("columnheader", { name: "Copy elsewhere" })).toBeVisible();
  const row = screen.getByRole("row", { name: /fmu_20260302_020000/ });
  expect(row.querySelector(`time[datetime="${set.offsite_at}"]`)).toBeVisible();
});

test("processes are chosen by the kinds that there are", async () => {
  serve({
    "/api/v1/me/": { ...ME, permissions: ["process.view"] },
    "/api/v1/operations/processes/": page([]),
  });
  await renderScreen("/operations/processes");
  await userEvent.click(await screen.findByRole("combobox", { name: "Kind" }));
  const kinds = (await screen.findAllByRole("option")).map(({ textContent }) => textContent);
  expect(kinds).toEqual(["Web", "Worker"]);
});

test("jobs are looked for by queue, name and the days on which they were queued", async () => {
  const { asked, router } = await jobs("/operations/jobs?status=active");
  await userEvent.click(screen.getByRole("combobox", { name: "Queue" }));
  await userEvent.click(await screen.findByRole("option", { name: "documents" }));
  const name = screen.getByRole("textbox", { name: "Job" });
  fireEvent.change(name, { target: { value: "kernel.import" } });
  fireEvent.keyDown(name, { key: "Enter" });
  await waitFor(() => expect(router.state.location.search).toMatchObject({ name: "kernel.import" }));
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-03-01" } });
  fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-03-02" } });
  const last = () =>
    new URL(asked.filter(({ url }) => url.includes("/jobs/?")).at(-1)?.url ?? "").searchParams;
  await waitFor(() => expect(last().get("to")).not.toBeNull());
  expect(Object.fromEntries(last())).toMatchObject({
    status: "active",
    queue: "documents",
    name: "kernel.import",
  });
  const span = ["from", "to"].map((name) => Date.parse(last().get(name) ?? ""));
  expect((span[1] ?? 0) - (span[0] ?? 0)).toBe(2 * 86_400_000);
  expect(screen.getByLabelText("To")).toHaveValue("2026-03-02");
});

test("the schedule shows the next run here and in UTC, and marks what is overdue", async () => {
  const row = {
    name: "operations.backup",
    schedule: "02:00",
    zone: "Asia/Karachi",
    next_at: "2026-03-02T21:00:00Z",
    last_at: "2026-02-20T21:00:00Z",
    last_outcome: "failed",
    last_error: "worker_lost",
    last_seconds: null,
    is_overdue: true,
  };
  const off = { ...row, name: "operations.drill", schedule: "off", next_at: null, is_overdue: false };
  serve({ "/api/v1/operations/periodic/": { results: [row, off] } });
  await renderScreen("/operations/schedule");
  const [, late, never] = (await screen.findAllByRole("row")) as [HTMLElement, HTMLElement, HTMLElement];
  expect(within(late).getByText("2 Mar 2026, 21:00 UTC")).toBeVisible();
  expect(within(late).getByText("Overdue")).toBeVisible();
  expect(within(late).getByText("Asia/Karachi")).toBeVisible();
  expect(within(never).getByText("Switched off")).toBeVisible();
  expect(within(never).queryByText("Overdue")).toBeNull();
});

test("a job of the schedule that is run now is followed in its row to its end", async () => {
  const row = {
    name: "kernel.purge",
    schedule: "20 1 * * *",
    zone: "UTC",
    next_at: "2026-03-03T01:20:00Z",
    last_at: null,
    last_outcome: "",
    last_error: "",
    last_seconds: null,
    is_overdue: false,
  };
  const other = { ...row, name: "kernel.seal_journal" };
  const url = "/api/v1/operations/progress/7/";
  const answers = {
    "/api/v1/operations/periodic/": { results: [other, row] },
    "/api/v1/operations/periodic/kernel.purge/run/": { name: row.name, job_id: 7, progress_url: url },
    [url]: { status: "running", percent: 0, step: "running", message: "", result: null },
  };
  serve(answers);
  const { queryClient } = await renderScreen("/operations/schedule");
  const rowOf = (name: RegExp) => screen.findByRole("row", { name });
  const asked = await rowOf(/kernel\.purge/);
  await userEvent.click(within(asked).getByRole("button", { name: "Run now" }));
  expect(await within(asked).findByRole("progressbar", { name: "Begun" })).toBeVisible();
  expect(within(await rowOf(/seal_journal/)).queryByRole("progressbar")).toBeNull();
  serve({
    ...answers,
    "/api/v1/operations/periodic/": {
      results: [other, { ...row, last_outcome: "failed", last_error: "OutOfTime" }],
    },
    [url]: { status: "failed", percent: 100, step: "failed", message: "OutOfTime", result: null },
  });
  await queryClient.refetchQueries({ queryKey: [url] });
  await waitFor(() => expect(within(asked).queryByRole("progressbar")).toBeNull());
  expect(within(asked).getByText("OutOfTime")).toBeVisible();
});

test("a set is asked for once, however often one presses", async () => {
  const asked = serve({
    "/api/v1/me/": { ...ME, permissions: ["backup.create"] },
    "/api/v1/operations/backups/": { job_id: 9, progress_url: "/api/v1/operations/progress/9/" },
    "/api/v1/operations/progress/9/": PROGRESS,
  });
  await renderScreen("/operations/backups");
  const make = await screen.findByRole("button", { name: "Make a set now" });
  act(() => {
    make.click();
    make.click();
  });
  expect(await screen.findByRole("progressbar")).toBeInTheDocument();
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("why a drill is refused stands beneath the header, where it moves no button", async () => {
  const busy = { code: "busy", status: 409, detail: "A drill is under way." };
  stubServer(({ url, method }) => {
    if (method === "POST") return { status: 409, body: busy };
    const me = { ...ME, permissions: ["backup.view", "backup.create", "drill.run"] };
    return { body: url.endsWith("/me/") ? me : page([]) };
  });
  await renderScreen("/operations/backups");
  const drill = await screen.findByRole("button", { name: "Drill now" });
  await userEvent.click(drill);
  const refused = await screen.findByText("A drill is under way.");
  expect(drill.parentElement).not.toContainElement(refused);
});

test("who asks for a drill by keyboard goes on from its button, also where it is refused", async () => {
  let refuse = () => {};
  const held = new Promise<void>((done) => {
    refuse = done;
  });
  stubServer(({ url, method }) => {
    const me = { ...ME, permissions: ["backup.view", "drill.run"] };
    if (method !== "POST") return { body: url.endsWith("/me/") ? me : page([]) };
    return held.then(() => ({ status: 409, body: { code: "busy", status: 409, detail: "Not now." } }));
  });
  await renderScreen("/operations/backups");
  const drill = await screen.findByRole("button", { name: "Drill now" });
  drill.focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(drill).toBeDisabled());
  drill.blur(); // as browsers do
  refuse();
  await screen.findByText("Not now.");
  await waitFor(() => expect(drill).toHaveFocus());
});

test("who sees neither copies nor drills is told that their role does not permit it", async () => {
  stubServer(({ url }) =>
    url.endsWith("/me/")
      ? { body: { ...ME, permissions: [] } }
      : { status: 403, body: { code: "not_allowed", status: 403, detail: "" } },
  );
  await renderScreen("/operations/backups");
  expect((await screen.findAllByText("Your role does not permit this"))[0]).toBeVisible();
});

test("a backup that goes on is followed by whoever comes to its page", async () => {
  serve({
    "/api/v1/me/": { ...ME, permissions: ["backup.view", "job.view"] },
    "/api/v1/operations/backups/": page([]),
    "/api/v1/operations/jobs/": page([
      { ...JOB, id: 8, name: "operations.evaluate_alerts" },
      { ...JOB, id: 9, name: "operations.create_backup" },
    ]),
    "/api/v1/operations/progress/9/": PROGRESS,
  });
  await renderScreen("/operations/backups");
  expect(await screen.findByRole("progressbar")).toHaveAttribute("aria-valuenow", "40");
});
