import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ListSearch } from "../api/lists";
import { renderApp } from "../test/render";
import { type TableFilter, TableToolbar } from "./TableToolbar";

const kind: TableFilter = {
  name: "kind",
  label: "Kind",
  options: [{ value: "room", label: "Room" }],
  clears: ["subject"],
};
const day: TableFilter = {
  name: "day",
  label: "Day",
  control: ({ label, value, onChange }) => (
    <button type="button" onClick={() => onChange("2026-03-09")}>
      {label}: {value ?? "any"}
    </button>
  ),
};
const plain = (name: string): TableFilter => ({ name, label: name, options: [] });

async function open(filters: TableFilter[], search: ListSearch = {}) {
  const patches: ListSearch[] = [];
  await renderApp(() => (
    <TableToolbar
      caption="Items"
      search={search}
      filters={filters}
      isSearchable={false}
      exportUrl={null}
      exportSearch={{}}
      onChange={(patch) => patches.push(patch)}
      columnsMenu={null}
    />
  ));
  return { user: userEvent.setup(), patches };
}

test("a filter may draw itself", async () => {
  const { user, patches } = await open([day], { day: "2026-03-01" });
  await user.click(screen.getByRole("button", { name: "Day: 2026-03-01" }));
  expect(patches).toEqual([{ day: "2026-03-09" }]);
});

test("a filter takes those along that it gives their meaning", async () => {
  const { user, patches } = await open([kind], { subject: "8" });
  await user.click(screen.getByRole("combobox", { name: "Kind" }));
  await user.click(await screen.findByRole("option", { name: "Room" }));
  expect(patches).toEqual([{ kind: "room", subject: undefined }]);
});

test("many filters fold behind one button, few do not", async () => {
  const { user } = await open([kind, day, plain("batch"), plain("group")]);
  const button = screen.getByRole("button", { name: "Filters", hidden: true });
  expect(button).toHaveAttribute("aria-expanded", "false");
  await user.click(button);
  expect(button).toHaveAttribute("aria-expanded", "true");
});

test("a short row of filters has no such button", async () => {
  await open([kind, day]);
  expect(screen.queryByRole("button", { name: "Filters", hidden: true })).toBeNull();
});
