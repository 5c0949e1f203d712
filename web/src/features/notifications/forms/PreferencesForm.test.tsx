// How a person wants to be told: what may not be chosen says why, quiet hours are a sentence, only changes are sent.
import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import type { Preferences } from "../queries";
import { PreferencesForm } from "./PreferencesForm";

const MAIL = { channel: "email", mode: null, modes: ["immediate", "daily", "weekly", "off"] };
const PREFERENCES = {
  families: [
    {
      family: "timetable",
      channels: [
        { channel: "in_app", mode: null, modes: ["immediate", "off"] },
        { ...MAIL, mode: "daily" },
      ],
    },
    { family: "results", channels: [{ channel: "in_app", mode: null, modes: ["immediate"] }, MAIL] },
  ],
  quiet_from: null,
  quiet_until: null,
  zone: "Asia/Karachi",
  version: 4,
} as Preferences;

async function open(answer: object = {}) {
  const seen = stubServer(({ method }) =>
    method === "PATCH" ? { body: PREFERENCES, ...answer } : { body: PREFERENCES },
  );
  await renderApp(() => <PreferencesForm preferences={PREFERENCES} />);
  await screen.findByRole("button", { name: "Save" });
  return seen;
}
const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }));
const sent = (seen: Request[]) => seen.find(({ method }) => method === "PATCH");

describe("the preferences", () => {
  test("show what is chosen, and close what may not be with its reason", async () => {
    await open();
    expect(screen.getByRole("combobox", { name: "Timetable: By mail" })).toHaveDisplayValue(
      "Once a day, at 07:00",
    );
    const shown = screen.getByRole("combobox", { name: "Results: In the application" });
    const options = Array.from((shown as HTMLSelectElement).options, ({ label, disabled }) => [
      label,
      disabled,
    ]);
    expect(options).toEqual([
      ["As usual", false],
      ["At once", false],
      ["Once a day, at 07:00 – by mail only", true],
      ["Once a week, on Monday at 07:00 – by mail only", true],
      ["Off – this is always shown", true],
    ]);
  });

  test("send what changed, with the version that it was based on", async () => {
    const seen = await open();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Timetable: By mail" }), "As usual");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Results: By mail" }), "off");
    await save();
    await waitFor(() => expect(sent(seen)).toBeDefined());
    expect(sent(seen)?.headers.get("If-Match")).toBe('"4"');
    expect(await sent(seen)?.json()).toEqual({
      choices: [
        { family: "timetable", channel: "email", mode: null },
        { family: "results", channel: "email", mode: "off" },
      ],
    });
  });

  test("say in a sentence what the quiet hours do, as they are set", async () => {
    const seen = await open();
    const words = () => screen.getByRole("status").textContent?.replace(/[\u2066-\u2069]/g, "");
    expect(words()).toBe("Mail comes at any hour.");
    await userEvent.click(screen.getByRole("switch", { name: /No mail in quiet hours/ }));
    expect(words()).toContain("Mail that comes between 22:00 and 07:00 waits until 07:00 (Asia/Karachi).");
    fireEvent.change(screen.getByLabelText("From"), { target: { value: "07:00" } });
    expect(words()).toBe("From and until are both 07:00: there are no quiet hours.");
    fireEvent.change(screen.getByLabelText("From"), { target: { value: "21:30" } });
    await save();
    await waitFor(() => expect(sent(seen)).toBeDefined());
    expect(await sent(seen)?.json()).toEqual({ choices: [], quiet_from: "21:30", quiet_until: "07:00" });
  });

  test("saved meanwhile on another device are not overwritten", async () => {
    await open({
      status: 412,
      body: { status: 412, code: "stale_version", detail: "", differing: ["zone"] },
    });
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Results: By mail" }), "off");
    await save();
    expect(await screen.findByRole("alert")).toHaveTextContent("Somebody else saved first");
    expect(screen.getByRole("button", { name: "Load the current version" })).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Results: By mail" })).toHaveDisplayValue("Off");
  });
});
