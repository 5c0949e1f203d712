// Who works knows of maintenance before it comes, and why nothing can be saved while it is on.
import { screen } from "@testing-library/react";
import { Suspense } from "react";
import { expect, test } from "vitest";
import { type Me, meQuery } from "../api/me";
import { renderApp } from "../test/render";
import { stubServer } from "../test/server";
import { MaintenanceBar } from "./MaintenanceBar";

const INSTITUTION = { id: 1, name: "FMU", code: "fmu", time_zone: "UTC", first_weekday: 0, locale: "en" };
const COMING = {
  is_on: false,
  level: "full",
  message: "New disks",
  begins_at: "2026-03-02T21:00:00Z",
  until: "2026-03-02T22:00:00Z",
} as const;

async function open(maintenance: Me["maintenance"]) {
  stubServer(() => ({ body: { institution: INSTITUTION, permissions: [], maintenance } }));
  const { queryClient } = await renderApp(() => (
    <Suspense fallback="still asking">
      <MaintenanceBar />
      <p>all is there</p>
    </Suspense>
  ));
  await screen.findByText("all is there");
  return queryClient;
}

test("what was announced is said with its times", async () => {
  await open(COMING);
  expect(screen.getByRole("status")).toHaveTextContent(/planned from .*21:00 until .*22:00.*New disks/);
});

test("while it is on, it says what cannot be done", async () => {
  await open({ ...COMING, is_on: true, level: "read_only", begins_at: null });
  expect(screen.getByRole("status")).toHaveTextContent("nothing can be changed now");
});

test("without maintenance there is no bar", async () => {
  await open(null);
  expect(screen.queryByRole("status")).toBeNull();
});

test("an open screen says so when the doors close behind it", async () => {
  const queryClient = await open(null);
  const refusal = { code: "maintenance", detail: "New disks", level: "full", until: COMING.until };
  stubServer(() => ({ status: 503, body: refusal }));
  await queryClient.refetchQueries({ queryKey: meQuery.queryKey });
  expect(await screen.findByRole("status")).toHaveTextContent(/nobody gets in but operators.*New disks/);
  expect(screen.getByText("all is there")).toBeInTheDocument();
});
