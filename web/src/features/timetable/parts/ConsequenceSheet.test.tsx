import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Missing } from "../../../api/problem";
import { renderApp } from "../../../test/render";
import { PlacesOfMissing } from "../../../ui/places";
import type { Consequences } from "../queries";
import { ConsequenceSheet } from "./ConsequenceSheet";

const consequences = (facts: Partial<Consequences>): Consequences => ({
  delta: { created: 1, updated: 0, cancelled: 0, revived: 0, unchanged: 0 },
  persons: [],
  persons_notified: 0,
  sessions: [],
  ...facts,
});

const CLASH: Missing = {
  code: "room_clash",
  label: "Room is taken",
  detail: "",
  severity: "block",
  where: { row_index: 2, day_of_week: 0 },
};

async function open(facts: Partial<Consequences>, missing: Missing[] = []) {
  const led: string[] = [];
  const place = { key: "2:0", words: "Mon 9 Mar, 08:50", go: () => led.push("2:0") };
  await renderApp(() => (
    <PlacesOfMissing value={() => [place]}>
      <ConsequenceSheet
        title="Publish this week"
        confirmLabel="Publish"
        needsReason={false}
        previewKey={[1]}
        preview={async () => ({ consequences: consequences(facts), missing, warnings: [] })}
        onConfirm={async () => undefined}
        onClose={() => undefined}
      />
    </PlacesOfMissing>
  ));
  return { user: userEvent.setup(), led, sheet: within(await screen.findByRole("dialog")) };
}

test("the people who will be told are named when one asks", async () => {
  const persons = [
    { id: 1, name: "Alice" },
    { id: 2, name: "Bob" },
  ];
  const { user, sheet } = await open({ persons, persons_notified: 5 });
  const told = await sheet.findByText("5 people will be told");
  expect(sheet.getByText("Alice")).not.toBeVisible();
  await user.click(told);
  expect(sheet.getByText("Alice")).toBeVisible();
  expect(sheet.getByText("And 3 more.")).toBeVisible();
  expect(sheet.getByRole("button", { name: "Publish" })).toBeEnabled();
});

test("what stands against it closes the button and leads to the cell", async () => {
  const { user, sheet, led } = await open({}, [CLASH]);
  expect(await sheet.findByText("This prevents it")).toBeInTheDocument();
  expect(sheet.getByRole("button", { name: "Publish" })).toBeDisabled();
  await user.click(sheet.getByRole("button", { name: "Mon 9 Mar, 08:50" }));
  expect(led).toEqual(["2:0"]);
});
