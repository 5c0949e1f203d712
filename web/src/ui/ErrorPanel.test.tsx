// A refusal by maintenance reads as maintenance, in the words of its operators.
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { switchLanguage } from "../i18n/i18n";
import { renderApp } from "../test/render";
import { ErrorPanel } from "./ErrorPanel";

const refused = new Problem({
  status: 503,
  code: "maintenance",
  title: "Service Unavailable",
  detail: "New disks",
  extra: { level: "read_only", until: "2026-03-02T22:00:00Z" },
});

test("it says what is going on and until when, and that nothing typed is lost", async () => {
  await renderApp(() => <ErrorPanel error={refused} />);
  const panel = await screen.findByRole("alert");
  expect(panel).toHaveTextContent("Maintenance is under way");
  expect(panel).toHaveTextContent(/New disks.*expected to end at .*2026.*What you typed stays here/);
  expect(panel).not.toHaveTextContent("fault");
});

test("who reads Urdu reads the message of the operators too", async () => {
  await switchLanguage("ur");
  await renderApp(() => <ErrorPanel error={refused} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("New disks");
  await switchLanguage("en");
});
