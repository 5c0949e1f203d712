import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { meQuery } from "../../../api/me";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { PrintDeskPage } from "./PrintDeskPage";

const ME = {
  user: { id: 1, username: "gul" },
  institution: { id: 1, name: "Farabi", time_zone: "Asia/Karachi", first_weekday: 0 },
  institutions: [],
  roles: ["office_assistant"],
  permissions: ["week.print"],
};
const page = (...results: object[]) => ({ count: results.length, next: null, previous: null, results });
const ANATOMY = { id: 3, name: "Anatomy", code: "ANA" };
const TEACHERS = [
  { id: 41, name: "Dr Khan" },
  { id: 42, name: "Dr Rehman" },
];

const downloads: string[] = [];

beforeEach(() => {
  downloads.length = 0;
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    downloads.push(this.href);
  });
  URL.createObjectURL = () => "blob:made";
});

/** `isBig` is what the server says of the pack. */
async function open({ isBig }: { isBig: boolean }) {
  const bodies: unknown[] = [];
  const asked = stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/directory/departments/") return { body: page(ANATOMY) };
    if (pathname === "/api/v1/directory/persons/") return { body: page(...TEACHERS) };
    if (pathname === "/api/v1/timetable/print/jobs/") {
      bodies.push(await request.json());
      return {
        status: 202,
        body: { id: 5, kind: "timetable.print_pack", status: "queued", done: 0, total: 82 },
      };
    }
    if (pathname === "/api/v1/jobs/5/") {
      return { body: { id: 5, status: "succeeded", done: 82, total: 82, message: "laying_out", error: "" } };
    }
    if (pathname === "/api/v1/timetable/print/" && isBig) {
      return { status: 422, body: { status: 422, code: "too_many_pages", detail: "82 pages", errors: [] } };
    }
    return { body: {} };
  });
  const view = await renderApp(() => <PrintDeskPage />);
  view.queryClient.setQueryData(meQuery.queryKey, ME as never);
  return { user: userEvent.setup(), asked, bodies };
}

/** The two clicks: the department, and the button. */
async function printAnatomy(user: ReturnType<typeof userEvent.setup>) {
  const whole = await screen.findByRole("group", { name: "All teachers of a department" });
  await user.click(await within(whole).findByRole("button", { name: "Anatomy" }));
  await user.click(await screen.findByRole("button", { name: "Make the PDF of 2" }));
}

test("all teachers of a department are two clicks away", async () => {
  const { user, asked, bodies } = await open({ isBig: false });
  await printAnatomy(user);
  await waitFor(() => expect(downloads).toEqual(["blob:made"]));
  const filled = asked.find(({ url }) => url.includes("/persons/") && url.includes("department=3"));
  expect(filled).toBeDefined();
  const made = asked.find(({ url }) => url.includes("/timetable/print/?"));
  expect(made?.url).toContain("by=faculty&id=41&id=42&from=");
  expect(bodies).toEqual([]);
});

test("what is too big to be made at once is made by a job, and its file is handed over", async () => {
  const { user, bodies } = await open({ isBig: true });
  await printAnatomy(user);
  await waitFor(() => expect(downloads).toEqual([`${location.origin}/api/v1/timetable/print/jobs/5/file/`]));
  expect(bodies).toEqual([expect.objectContaining({ by: "faculty", id: [41, 42] })]);
  expect(screen.getByRole("link", { name: "Open the PDF" })).toHaveAttribute(
    "href",
    "/api/v1/timetable/print/jobs/5/file/",
  );
});
