import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { grouped } from "../pages/SettingsPage";
import type { Setting } from "../queries";
import { SettingRow } from "./SettingRow";

const setting = (more: Partial<Setting>): Setting => ({
  key: "directory.invitation_days",
  kind: "int",
  value: 7,
  default: 7,
  expected: "a whole number from 1 to 30",
  choices: [],
  minimum: 1,
  maximum: 30,
  note: "How long an invitation can be accepted.",
  is_set: false,
  updated_by: "",
  updated_at: null,
  version: 3,
  ...more,
});

const show = (shown: Setting, isReadOnly = false) =>
  renderApp(() => <SettingRow setting={shown} isReadOnly={isReadOnly} />);
const put = (seen: Request[]) => seen.find(({ method }) => method === "PUT");

describe("a setting", () => {
  test("tells its default, what reads it, and who set it", async () => {
    stubServer(() => ({ body: {} }));
    await show(
      setting({ value: 14, is_set: true, updated_by: "Alice", updated_at: new Date().toISOString() }),
    );
    expect(screen.getByText("Days an invitation lasts")).toBeInTheDocument();
    expect(screen.getByText(/Default: 7/)).toBeInTheDocument();
    expect(screen.getByText("Read when an invitation is sent.")).toBeInTheDocument();
    expect(screen.getByText("Alice")).toBeInTheDocument();
  });

  test("of a number is sent as a number, once it was changed", async () => {
    const seen = stubServer(() => ({ body: {} }));
    await show(setting({}));
    expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
    const field = screen.getByRole("textbox", { name: "Days an invitation lasts" });
    await userEvent.clear(field);
    await userEvent.type(field, "14");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(put(seen)).toBeDefined());
    expect(new URL(put(seen)?.url ?? "").pathname).toBe(
      "/api/v1/directory/settings/directory.invitation_days/",
    );
    expect(put(seen)?.headers.get("If-Match")).toBe('"3"');
    expect(await put(seen)?.json()).toEqual({ value: 14 });
  });

  test("that may be left out is sent as null when it is blank", async () => {
    const seen = stubServer(() => ({ body: {} }));
    await show(
      setting({
        key: "timetable.required_cells_per_day",
        value: 6,
        default: null,
        is_set: true,
        expected: "a whole number from 1 to 24 or null",
      }),
    );
    await userEvent.clear(screen.getByRole("textbox", { name: "Periods on every teaching day" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(put(seen)).toBeDefined());
    expect(await put(seen)?.json()).toEqual({ value: null });
  });

  test("of days is a row of days, sent in order", async () => {
    const seen = stubServer(() => ({ body: {} }));
    await show(
      setting({ key: "timetable.teaching_days", kind: "days", value: [1, 2], default: [0, 1, 2, 3, 4, 5] }),
    );
    await userEvent.click(screen.getByRole("checkbox", { name: "Mon" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(put(seen)).toBeDefined());
    expect(await put(seen)?.json()).toEqual({ value: [0, 1, 2] });
  });

  test("refused says why at its control and keeps what was typed", async () => {
    stubServer(({ method }) =>
      method === "PUT"
        ? {
            status: 422,
            body: {
              status: 422,
              code: "bad_value",
              detail: "",
              errors: [
                { pointer: "/value", code: "bad_value", detail: "It takes a whole number from 1 to 30." },
              ],
            },
          }
        : { body: {} },
    );
    await show(setting({}));
    const field = screen.getByRole("textbox", { name: "Days an invitation lasts" });
    await userEvent.clear(field);
    await userEvent.type(field, "99");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("It takes a whole number from 1 to 30.")).toBeInTheDocument();
    expect(field).toHaveValue("99");
  });

  test("goes back to its default in one press", async () => {
    const seen = stubServer(() => ({ body: {} }));
    await show(
      setting({ kind: "bool", key: "timetable.verify_by_other", value: true, default: false, is_set: true }),
    );
    await userEvent.click(screen.getByRole("button", { name: "Back to the default" }));
    await waitFor(() => expect(put(seen)).toBeDefined());
    expect(await put(seen)?.json()).toEqual({ value: false });
  });

  test("cannot be changed by a reader", async () => {
    stubServer(() => ({ body: {} }));
    await show(setting({ is_set: true, value: 9 }), true);
    expect(screen.getByRole("textbox", { name: "Days an invitation lasts" })).toBeDisabled();
    expect(screen.queryByRole("button")).not.toBeInTheDocument();
  });
});

test("settings stand in groups by what they concern", () => {
  const keys = [
    "ui_banner_message",
    "timetable.slot_count",
    "directory.invitation_days",
    "timetable.teaching_days",
  ];
  const groups = grouped(keys.map((key) => setting({ key })));
  expect(groups.map(([name, rows]) => [name, rows.length])).toEqual([
    ["general", 1],
    ["timetable", 2],
    ["directory", 1],
  ]);
});
