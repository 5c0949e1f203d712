import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import type { Leave } from "../queries";
import { LeaveSessions } from "./LeaveSessions";

const leave = { person: { id: 41, name: "Dr Khan" }, start_date: "2026-03-09", end_date: "2026-03-10" };

test("who decides a leave sees each session in that time", async () => {
  const session = {
    id: 7,
    starts_at: "2026-03-09T03:00:00Z",
    ends_at: "2026-03-09T03:50:00Z",
    title: "Pathology",
    section_name: "",
    groups: [{ name: "A" }, { name: "B" }],
    room_name: "Hall 1",
  };
  const asked = stubServer((request) =>
    new URL(request.url).pathname === "/api/v1/timetable/sessions/"
      ? { body: { count: 1, results: [session] } }
      : { status: 404 },
  );
  await renderApp(() => <LeaveSessions leave={leave as unknown as Leave} />);
  const row = (await screen.findByText("Pathology")).closest("tr") as HTMLElement;
  expect(within(row).getByText("A, B")).toBeInTheDocument();
  expect(within(row).getByText("Hall 1")).toBeInTheDocument();
  const url = asked.find(({ url }) => url.includes("/timetable/sessions/"))?.url ?? "";
  for (const part of ["faculty=41", "start_date=2026-03-09", "end_date=2026-03-10", "status=scheduled"]) {
    expect(url).toContain(part);
  }
});
