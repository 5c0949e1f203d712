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

test("whose session ended is led to a sign-in beside what they typed", async () => {
  const problem = new Problem({ status: 401, code: "not_signed_in", title: "", detail: "Sign in first." });
  await renderApp(() => <ErrorPanel error={problem} />);
  expect(screen.getByText("You are signed out")).toBeVisible();
  const link = screen.getByRole("link", { name: /Sign in in another tab; what you typed stays here/ });
  expect([link.getAttribute("href"), link.getAttribute("target")]).toEqual(["/sign-in", "_blank"]);
});

test("what waits until one is oneself again is not said to be for other roles", async () => {
  const problem = new Problem({ status: 403, code: "impersonating", title: "", detail: "Stop that first." });
  await renderApp(() => <ErrorPanel error={problem} />);
  expect(screen.getByText("Stop that first.")).toBeVisible();
  expect(screen.queryByText("Your role does not permit this")).toBeNull();
});
