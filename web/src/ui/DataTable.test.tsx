import { linkOptions, useSearch } from "@tanstack/react-router";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { ListSearch } from "../api/lists";
import type { Row } from "../api/types";
import { renderApp } from "../test/render";
import { stubServer } from "../test/server";
import { type Column, DataTable } from "./DataTable";

const PATH = "/api/v1/work/inbox-items/";
type Item = Row<typeof PATH>;

const item = (id: number, title: string): Item => ({
  id,
  title,
  kind: "request",
  detail: "",
  url: `/x/${id}`,
  created_at: "2026-03-01T08:00:00Z",
  closed_at: null,
  params: {},
});
const page = (results: Item[], count = results.length) => ({ count, next: null, previous: null, results });
const COLUMNS: Column<Item>[] = [
  { id: "title", header: "Title", sort: "title", cell: (row) => row.title },
  { id: "kind", header: "Kind", isExtra: true, cell: (row) => row.kind },
];
const FILTERS = [{ name: "status", label: "State", options: [{ value: "open", label: "Open" }] }];

function Listing() {
  const search: ListSearch = useSearch({ strict: false });
  return (
    <DataTable
      path={PATH}
      caption="Items"
      columns={COLUMNS}
      rowId={(row) => row.id}
      rowLink={() => linkOptions({ to: "/account" })}
      search={search}
      filters={FILTERS}
      empty={{ title: "No items", action: <a href="/import">Import the first</a> }}
    />
  );
}
const listing = (at = "/") => renderApp(() => <Listing />, at);
const askedOf = (seen: Request[]) => seen.map((request) => new URL(request.url).search);

describe("a list", () => {
  test("shows that it is loading until the answer comes", async () => {
    stubServer(() => new Promise(() => undefined));
    await listing();
    expect(await screen.findByRole("status", { name: "Loading, please wait" })).toBeInTheDocument();
  });

  test("without rows says the next step", async () => {
    stubServer(() => ({ body: page([]) }));
    await listing();
    expect(await screen.findByText("No items")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Import the first" })).toBeInTheDocument();
  });

  test("without rows because of a search offers to clear it", async () => {
    const seen = stubServer(() => ({ body: page([]) }));
    const { router } = await listing("/?search=zz");
    await userEvent.click(await screen.findByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(router.state.location.search).not.toHaveProperty("search"));
    await waitFor(() => expect(askedOf(seen)).toEqual(["?search=zz", ""]));
  });

  test("that failed says the request id and can be tried again", async () => {
    let isBroken = true;
    stubServer(() =>
      isBroken
        ? { status: 500, body: { code: "fault", request_id: "r-3" } }
        : { body: page([item(1, "Leave")]) },
    );
    await listing();
    expect(await screen.findByText("Request r-3")).toBeInTheDocument();
    isBroken = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Leave" })).toBeInTheDocument();
  });

  test("asks the server for what the address says", async () => {
    const seen = stubServer(() => ({ body: page([item(1, "Leave")], 60) }));
    await listing("/?page=2&status=open&ordering=-title");
    await screen.findByRole("link", { name: "Leave" });
    expect(new URLSearchParams(askedOf(seen)[0])).toEqual(
      new URLSearchParams("page=2&status=open&ordering=-title"),
    );
    expect(screen.getByRole("columnheader", { name: /Title/ })).toHaveAttribute("aria-sort", "descending");
    expect(screen.getByText("26–50 of 60")).toBeInTheDocument();
  });

  test("writes sorting and paging into the address; sorting returns to the first page", async () => {
    stubServer(() => ({ body: page([item(1, "Leave")], 60) }));
    const { router } = await listing();
    await userEvent.click(await screen.findByRole("button", { name: "Next page" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ page: 2 }));
    await userEvent.click(screen.getByRole("button", { name: /Title/ }));
    await waitFor(() => expect(router.state.location.search).toEqual({ ordering: "title" }));
  });

  test("moves between rows by arrow keys and opens one with Enter", async () => {
    stubServer(() => ({ body: page([item(1, "Leave"), item(2, "Week")]) }));
    const { router } = await listing();
    await screen.findByRole("link", { name: "Leave" });
    const [, first, second] = screen.getAllByRole("row");
    first?.focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(second).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    expect(second).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/account"));
  });

  test("exports with its own filters and without its page", async () => {
    stubServer(() => ({ body: page([item(1, "Leave")]) }));
    await listing("/?page=2&status=open");
    await screen.findByRole("link", { name: "Leave" });
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    const csv = await screen.findByRole("menuitem", { name: /CSV/ });
    expect(csv).toHaveAttribute("href", `${PATH}export/?status=open&format=csv`);
  });

  test("hides extra columns until they are chosen", async () => {
    stubServer(() => ({ body: page([item(1, "Leave")]) }));
    await listing();
    const table = await screen.findByRole("table");
    expect(within(table).queryByText("request")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Columns" }));
    await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: /Kind/ }));
    expect(within(table).getByText("request")).toBeInTheDocument();
  });
});
