import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const move = (name: string, more: object = {}) => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  allowed: true,
  needs_reason: false,
  missing: [],
  warnings: [],
  ...more,
});
const lacks = (code: string, label: string) => ({
  allowed: false,
  missing: [{ code, label, detail: "", severity: "block", where: null }],
});
const CORRECTION = {
  id: 12,
  line_id: 5,
  person: 3,
  full_name: "Sara",
  reg_no: "MB-001",
  session: 9,
  title: "Pathology",
  starts_at: "2026-03-09T10:00:00+05:00",
  present_status: "absent",
  wanted: "present",
  reason: "I sat in the last row.",
  status: "pending",
  requested_at: "2026-03-09T12:00:00+05:00",
  requested_by_name: "Sara",
  decided_at: null,
  decided_by_name: null,
  answer: "",
  filename: "",
  may_open: false,
  may_attach: false,
  version: 2,
};

async function open(moves: object[], facts: object = {}) {
  const sent: unknown[] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: reader(["attendance.view", "attendance.decide"]) };
    if (request.method === "POST") {
      const isForm = request.headers.get("Content-Type")?.startsWith("multipart/");
      const body = isForm ? "a file" : await request.json();
      sent.push({ pathname, version: request.headers.get("If-Match"), body });
      if (pathname.endsWith("/open/"))
        return { body: { url: "/the/file", valid_until: "2026-03-10T09:05:00Z" } };
    }
    return { body: { ...CORRECTION, moves, ...facts } };
  });
  await renderScreen("/attendance/corrections/12");
  await screen.findByRole("heading", { level: 1, name: "Sara" });
  return { user: userEvent.setup(), sent };
}

describe("a correction", () => {
  test("shows what is asked and why, and leads to the register", async () => {
    await open([]);
    expect(screen.getByText("I sat in the last row.")).toBeInTheDocument();
    expect(screen.getByText("Absent")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Open the register" })).toHaveAttribute(
      "href",
      "/attendance/sessions/9",
    );
  });

  test("is declined only with a reason", async () => {
    const { user, sent } = await open([move("accept"), move("decline", { needs_reason: true })]);
    await user.click(screen.getByRole("button", { name: "Decline" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Decline" }));
    expect(sent).toEqual([]);
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "The sheet says otherwise");
    await user.click(dialog.getByRole("button", { name: "Decline" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      pathname: "/api/v1/attendance/corrections/12/moves/decline/",
      version: '"2"',
      body: { reason: "The sheet says otherwise" },
    });
  });

  test("says why one cannot decide about what one asked for oneself", async () => {
    const own = lacks("decided_by_other", "Somebody else than who asked decides");
    await open([move("accept", own), move("withdraw")]);
    expect(screen.getByRole("button", { name: "Accept" })).toHaveAccessibleDescription(
      "Not possible yet. Somebody else than who asked decides",
    );
    expect(screen.getByRole("button", { name: "Withdraw" })).toBeEnabled();
  });

  test("that is decided shows by whom and with which words, and no moves", async () => {
    const decided = {
      status: "declined",
      decided_at: "2026-03-10T09:00:00+05:00",
      decided_by_name: "Alice",
      answer: "The sheet says otherwise",
    };
    await open([move("accept", lacks("wrong_status", "It is pending"))], decided);
    expect(screen.getByText("The sheet says otherwise")).toBeInTheDocument();
    expect(screen.getByText(/Alice/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Accept" })).toBeNull();
  });

  test("has a paper that who decides opens by an address made for them", async () => {
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    const { user, sent } = await open([], { filename: "doctor.pdf", may_open: true });
    expect(screen.getByText("doctor.pdf")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /paper/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Open the file" }));
    await waitFor(() => expect(opened).toHaveBeenCalledWith("/the/file", "_blank", "noopener,noreferrer"));
    expect(sent).toEqual([{ pathname: "/api/v1/attendance/corrections/12/open/", version: null, body: {} }]);
  });

  test("takes a paper from who asked while it is open", async () => {
    const { user, sent } = await open([], { may_attach: true });
    const input = document.querySelector<HTMLInputElement>("input[type=file]");
    await user.upload(input as HTMLInputElement, new File(["x"], "doctor.pdf", { type: "application/pdf" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      pathname: "/api/v1/attendance/corrections/12/file/",
      version: null,
      body: "a file",
    });
  });

  test("says to others that its paper is not theirs to read", async () => {
    await open([], { filename: "doctor.pdf" });
    expect(screen.queryByRole("button", { name: "Open the file" })).toBeNull();
    expect(screen.getByText("Only who asked and who decides may read it.")).toBeInTheDocument();
  });
});
