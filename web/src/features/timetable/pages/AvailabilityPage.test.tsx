import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { COORDINATOR, page, TEACHER } from "../test/readers";

const TUESDAYS = {
  id: 5,
  subject_kind: "person",
  subject_id: 8,
  subject_name: "Dr Bashir",
  day_of_week: 1,
  start_time: "08:00:00",
  end_time: "12:00:00",
  level: "unavailable",
  from_date: "2026-03-01",
  to_date: null,
  version: 2,
  can_edit: true,
};

type Written = { method: string; url: string; version: string | null; body: unknown };

async function open(me: object, at = "/timetable/availability", rows: object[] = [TUESDAYS]) {
  const written: Written[] = [];
  const asked = stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== "GET") {
      const text = await request.text();
      const version = request.headers.get("If-Match");
      written.push({ method: request.method, url: pathname, version, body: text ? JSON.parse(text) : null });
      return request.method === "DELETE" ? { status: 204 } : { body: TUESDAYS };
    }
    if (pathname === "/api/v1/me/") return { body: me };
    return { body: pathname.endsWith("/availabilities/") ? page(...rows) : page() };
  });
  await renderScreen(at);
  await screen.findByRole("heading", { level: 1, name: "Availability" });
  return { user: userEvent.setup(), written, asked };
}

test("a teacher declares an own time, and is not asked whose it is", async () => {
  const { user, written } = await open(TEACHER, "/timetable/availability", []);
  await user.click((await screen.findAllByRole("button", { name: "Declare a time" }))[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).queryByLabelText("Of what")).toBeNull();
  await user.click(within(dialog).getByRole("radio", { name: "Rather not" }));
  await user.type(within(dialog).getByRole("textbox", { name: "From" }), "8");
  await user.type(within(dialog).getByRole("textbox", { name: "To" }), "930");
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).toMatchObject({
    method: "POST",
    body: {
      subject_kind: "person",
      subject_id: 8,
      level: "avoid",
      day_of_week: 0,
      start_time: "08:00",
      end_time: "09:30",
      to_date: null,
    },
  });
});

test("a change sends only what differs, on the version that was read", async () => {
  const { user, written } = await open(TEACHER);
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "Preferred" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).toEqual({
    method: "PATCH",
    url: "/api/v1/timetable/availabilities/5/",
    version: '"2"',
    body: { level: "prefer" },
  });
});

test("a time that ends before it starts is not sent", async () => {
  const { user, written } = await open(TEACHER);
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = await screen.findByRole("dialog");
  const to = within(dialog).getByRole("textbox", { name: "To" });
  await user.clear(to);
  await user.type(to, "7");
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  expect((await within(dialog).findAllByText("Ends before it starts"))[0]).toBeInTheDocument();
  expect(written).toEqual([]);
});

test("a planner sees whose each time is, and withdraws one after a second word", async () => {
  const { user, written } = await open(COORDINATOR);
  expect(await screen.findByText("Dr Bashir")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Withdraw" }));
  const dialog = await screen.findByRole("dialog", { name: "Withdraw this time?" });
  expect(dialog).toHaveTextContent("Tuesday, 08:00–12:00");
  expect(written).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Withdraw" }));
  await waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).toMatchObject({ method: "DELETE", url: "/api/v1/timetable/availabilities/5/" });
});

test("names come with the rows, and what is not one's own to change offers nothing", async () => {
  const room = {
    ...TUESDAYS,
    id: 6,
    subject_kind: "room",
    subject_id: 3,
    subject_name: "Hall 1",
    can_edit: false,
  };
  const { asked } = await open(COORDINATOR, "/timetable/availability", [room]);
  expect(await screen.findByText("Hall 1")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Edit" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Withdraw" })).toBeNull();
  expect(asked.filter(({ url }) => url.includes("/directory/"))).toEqual([]);
});

test("what the address filters by is asked of the server", async () => {
  const { asked } = await open(COORDINATOR, "/timetable/availability?subject_kind=person&subject_id=8");
  await waitFor(() =>
    expect(asked.some(({ url }) => url.includes("/availabilities/?subject_kind=person&subject_id=8"))).toBe(
      true,
    ),
  );
});
