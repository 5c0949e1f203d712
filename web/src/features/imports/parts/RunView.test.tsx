import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { UploadForm } from "../forms/UploadForm";
import { KINDS, marksOf, type Run, type RunRow } from "../queries";
import { RunView } from "./RunView";

const PATH = "/api/v1/academics/students/imports/";

const job = { id: 9, status: "succeeded", done: 3, total: 3, message: "", error: "" };
const run = (more: Partial<Run>): Run => ({
  id: 1,
  kind: "students",
  filename: "new.csv",
  mode: "create_only",
  status: "previewed",
  options: {},
  summary: { create: 2, update: 0, skip: 0, error: 0, total: 2 },
  warnings: [],
  user_name: "Alice",
  created_at: "2026-03-01T08:00:00Z",
  committed_at: null,
  job,
  fault_counts: {},
  ...more,
});
const wrong = {
  summary: { create: 2, update: 0, skip: 0, error: 1, total: 3 },
  fault_counts: { bad_date: 1 },
};
const badRow: RunRow = {
  row: 4,
  action: "error",
  cells: { reg_no: "A-3", name: "Hina", date_of_birth: "02/13/2005" },
  faults: [{ column: "date_of_birth", code: "bad_date", detail: "There is no month 13." }],
  notes: [],
};
const me = {
  user: { id: 1, username: "alice" },
  person: null,
  institution: null,
  institutions: [],
  roles: [],
  permissions: ["student.import", "invitation.send"],
  banner: null,
  impersonation: null,
  maintenance: null,
  default_academic_year: null,
  unread_notifications: 0,
  open_inbox_items: 0,
  version: "1",
};

const page = (results: unknown[]) => ({ count: results.length, next: null, previous: null, results });

function serve(rows: RunRow[] = []) {
  return stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith("/rows/")) return { body: page(rows) };
    if (pathname === "/api/v1/me/") return { body: me };
    if (pathname.startsWith("/api/v1/jobs/")) return { body: { ...job, status: "running", done: 1 } };
    if (method === "POST") return { body: run({ status: "committing" }) };
    return { body: run({}) };
  });
}

const show = (shown: Run) => renderApp(() => <RunView source={KINDS.students} run={shown} search={{}} />);

describe("an import", () => {
  test("that is being checked shows how far it is, and asks nothing yet", async () => {
    serve();
    await show(run({ status: "previewing", summary: {}, job: { ...job, status: "running", done: 1 } }));
    expect(await screen.findByText("1 of 3")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /import/i })).not.toBeInTheDocument();
  });

  test("whose rows are all good is imported as a whole", async () => {
    const seen = serve();
    await show(run({}));
    await userEvent.click(await screen.findByRole("button", { name: "Import 2 rows" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    const post = seen.find(({ method }) => method === "POST");
    expect(new URL(post?.url ?? "").pathname).toBe(`${PATH}1/commit/`);
    expect(await post?.json()).toEqual({ confirm: true, partial: false });
  });

  test("with wrong rows offers to mend them first, and the good ones alone knowingly", async () => {
    const seen = serve([badRow]);
    await show(run(wrong));
    expect(await screen.findByText("One row is wrong")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: /Failed rows, Excel/ })).toHaveAttribute(
      "href",
      `${PATH}1/errors/?format=xlsx`,
    );
    await userEvent.click(screen.getByRole("button", { name: "Import the 2 good rows" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    expect(await seen.find(({ method }) => method === "POST")?.json()).toEqual({
      confirm: true,
      partial: true,
    });
  });

  test("shows a fault in the cell that is wrong, with the server's words", async () => {
    serve([badRow]);
    await show(run(wrong));
    const cell = (await screen.findByText("02/13/2005")).closest("td");
    expect(cell).toHaveAttribute("data-label", "Date of birth");
    expect(within(cell as HTMLElement).getByText("Not a date")).toBeInTheDocument();
    expect(within(cell as HTMLElement).getByText("There is no month 13.")).toBeInTheDocument();
  });

  test("names what was left unread, without stopping", async () => {
    serve();
    await show(
      run({
        warnings: [
          { code: "password_ignored", detail: "The column password was dropped unread." },
          { code: "unknown_column", detail: "house" },
        ],
      }),
    );
    expect(await screen.findByText("The password column was not read.")).toBeInTheDocument();
    expect(screen.getByText("house")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Import 2 rows" })).toBeEnabled();
  });

  test("of nothing new has nothing to import", async () => {
    serve();
    await show(run({ summary: { create: 0, update: 0, skip: 2, error: 0, total: 2 } }));
    expect(await screen.findByText(/every row is here already/)).toBeInTheDocument();
  });

  test("that failed while writing says that nothing was written, and why", async () => {
    serve();
    await show(run({ job: { ...job, status: "failed", error: "Some rows have become wrong." } }));
    expect(await screen.findByText(/nothing was written/)).toBeInTheDocument();
    expect(screen.getByText("Some rows have become wrong.")).toBeInTheDocument();
  });

  test("that is done says what was written and what comes next", async () => {
    serve();
    const { queryClient } = await renderApp(() => <p>waiting</p>);
    queryClient.clear();
    const view = await renderApp(() => (
      <RunView
        source={KINDS.students}
        run={run({
          status: "committed",
          summary: { ...wrong.summary, students_created: 2, batches_created: 1 },
        })}
        search={{}}
      />
    ));
    expect(await view.findByText("Students entered: 2 · Batches created: 1")).toBeInTheDocument();
    expect(view.getByText("One row was wrong and left out.")).toBeInTheDocument();
    expect(view.getByRole("link", { name: "See the students" })).toHaveAttribute(
      "href",
      "/academics/students",
    );
    expect(view.getByRole("link", { name: "Invite them, print slips" })).toHaveAttribute(
      "href",
      "/administration/invitations/slips?audience=students&run=%221%22",
    );
  });

  test("that entered teachers leads to inviting those whom it entered", async () => {
    serve();
    await renderApp(() => <RunView source={KINDS.faculty} run={run({ status: "committed" })} search={{}} />);
    expect(await screen.findByRole("link", { name: "Invite them, print slips" })).toHaveAttribute(
      "href",
      "/administration/invitations/slips?audience=faculty&run=%221%22",
    );
  });
});

describe("the upload", () => {
  const file = new File(["reg_no\n1\n"], "new.csv", { type: "text/csv" });

  test("waits for a file, then sends it with how it is to be read", async () => {
    const seen = serve();
    const onUploaded = vi.fn();
    await renderApp(() => <UploadForm source={KINDS.students} onUploaded={onUploaded} />);
    expect(screen.getByRole("button", { name: "Check the file" })).toBeDisabled();
    await userEvent.upload(screen.getByLabelText(/Drop a file here/), file);
    await userEvent.click(screen.getByRole("switch", { name: /Create missing programs/ }));
    await userEvent.click(screen.getByRole("button", { name: "Check the file" }));
    await waitFor(() => expect(onUploaded).toHaveBeenCalledOnce());
    const post = seen.find(({ method }) => method === "POST");
    expect(new URL(post?.url ?? "").pathname).toBe(PATH);
    expect(post?.headers.get("Content-Type")).toMatch(/^multipart\/form-data/);
  });

  test("refused tells which columns are missing and keeps the file", async () => {
    stubServer(({ method }) =>
      method === "POST"
        ? {
            status: 422,
            body: {
              status: 422,
              code: "header_mismatch",
              detail: "Missing: batch_name, status.",
              missing: ["status"],
            },
          }
        : { body: {} },
    );
    await renderApp(() => <UploadForm source={KINDS.students} onUploaded={() => undefined} />);
    await userEvent.upload(screen.getByLabelText(/Drop a file here/), file);
    await userEvent.click(screen.getByRole("button", { name: "Check the file" }));
    expect(await screen.findByText("Missing: batch_name, status.")).toBeInTheDocument();
    expect(screen.getByText("new.csv")).toBeInTheDocument();
  });
});

describe("a file of marks", () => {
  const marks = run({
    kind: "attendance",
    summary: { create: 1, update: 1, skip: 4, error: 1, total: 7 },
    fault_counts: { unknown_person: 1 },
  });
  const rows: RunRow[] = [
    {
      row: 2,
      action: "error",
      cells: { session_id: "9", roll_no: "A-3", status: "present" },
      faults: [{ column: "user_id", code: "unknown_person", detail: "Nobody of that name learns here." }],
      notes: [],
    },
    {
      row: 3,
      action: "update",
      cells: { date: "2026-03-01", start_time: "08:00", group: "A", email: "sara@x.pk", absent: "1" },
      faults: [],
      notes: [{ code: "changes", detail: "present → absent" }],
    },
  ];

  test("counts what is new, changed, the same and wrong", async () => {
    serve(rows);
    await renderApp(() => <RunView source={KINDS.attendance} run={marks} search={{}} />);
    const tallies = await screen.findAllByRole("listitem");
    const words = tallies.map(({ textContent }) => textContent);
    expect(words).toEqual(expect.arrayContaining(["1New", "1Changed", "4Same", "1Wrong"]));
  });

  test("shows a fault of a person beside whatever names the person, and what a mark would become", async () => {
    serve(rows);
    await renderApp(() => <RunView source={KINDS.attendance} run={marks} search={{}} />);
    const person = (await screen.findByText("A-3")).closest("td") as HTMLElement;
    expect(person).toHaveAttribute("data-label", "Person");
    expect(within(person).getByText("Nobody of that name learns here.")).toBeInTheDocument();
    expect(screen.getByText("present → absent")).toBeInTheDocument();
    expect(screen.getByText("08:00").closest("td")).toHaveAttribute("data-label", "Session");
  });

  test("is written whole only by mending it; the good rows alone are written knowingly", async () => {
    const seen = serve(rows);
    await renderApp(() => <RunView source={KINDS.attendance} run={marks} search={{}} />);
    expect(await screen.findByRole("link", { name: "Upload a mended file" })).toHaveAttribute(
      "href",
      "/attendance/uploads",
    );
    await userEvent.click(screen.getByRole("button", { name: "Import the 2 good rows" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    const post = seen.find(({ method }) => method === "POST");
    expect(new URL(post?.url ?? "").pathname).toBe("/api/v1/attendance/imports/1/commit/");
    expect(await post?.json()).toEqual({ confirm: true, partial: true });
  });
});

describe("a file of an exam's marks", () => {
  const source = marksOf("5", [
    { name: "Theory", sequence: 1 },
    { name: "Viva", sequence: 2 },
  ]);
  const marks = run({
    kind: "marks",
    filename: "theory.csv",
    mode: "upsert",
    summary: { create: 0, update: 1, skip: 2, error: 1, total: 4 },
    fault_counts: { out_of_range: 1 },
  });
  const rows: RunRow[] = [
    {
      row: 2,
      action: "error",
      cells: { reg_no: "A-3", Theory: "60.01" },
      faults: [{ column: "Theory", code: "out_of_range", detail: "Between 0 and 60." }],
      notes: [],
    },
    {
      row: 3,
      action: "update",
      cells: { reg_no: "A-4", C2: "21" },
      faults: [],
      notes: [{ code: "marks_change", detail: "Viva: 20.00 → 21.00" }],
    },
  ];
  const show = () => renderApp(() => <RunView source={source} run={marks} search={{}} />);

  test("names a wrong cell in the column of its component, and what a cell would become", async () => {
    const seen = serve(rows);
    await show();
    const wrongCell = (await screen.findByText("60.01")).closest("td") as HTMLElement;
    expect(wrongCell).toHaveAttribute("data-label", "Theory");
    expect(within(wrongCell).getByText("Outside the range")).toBeInTheDocument();
    expect(screen.getByText("21").closest("td")).toHaveAttribute("data-label", "Viva");
    expect(screen.getByText("Viva: 20.00 → 21.00")).toBeInTheDocument();
    const asked = seen.map(({ url }) => new URL(url).pathname);
    expect(asked).toContain("/api/v1/assessment/exams/5/imports/1/rows/");
  });

  test("gives its wrong rows away, and writes the good ones alone only when asked", async () => {
    const seen = serve(rows);
    await show();
    expect(await screen.findByRole("link", { name: /Failed rows, Excel/ })).toHaveAttribute(
      "href",
      "/api/v1/assessment/exams/5/imports/1/errors/?format=xlsx",
    );
    await userEvent.click(screen.getByRole("button", { name: "Import the one good row" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    const post = seen.find(({ method }) => method === "POST");
    expect(new URL(post?.url ?? "").pathname).toBe("/api/v1/assessment/exams/5/imports/1/commit/");
    expect(await post?.json()).toEqual({ confirm: true, partial: true });
  });

  test("starts from the marks of the exam and asks nothing but the file", async () => {
    const seen = serve();
    await renderApp(() => <UploadForm source={source} onUploaded={vi.fn()} />);
    expect(await screen.findByRole("link", { name: "The marks as they stand, Excel" })).toHaveAttribute(
      "href",
      "/api/v1/assessment/exams/5/grid/export/?format=xlsx",
    );
    expect(screen.queryByRole("combobox")).not.toBeInTheDocument();
    const file = new File(["reg_no,Theory\nA-3,40\n"], "theory.csv", { type: "text/csv" });
    await userEvent.upload(document.querySelector("input[type=file]") as HTMLInputElement, file);
    await userEvent.click(screen.getByRole("button", { name: "Check the file" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    const post = seen.find(({ method }) => method === "POST");
    expect(new URL(post?.url ?? "").pathname).toBe("/api/v1/assessment/exams/5/imports/");
  });
});
