import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const RESULT = {
  id: 3,
  revision: 2,
  exam_title: "Anatomy",
  exam_scheduled_at: "2026-03-09T04:00:00Z",
  course_code: "",
  course_name: "",
  total_obtained: "78.00",
  total_max: "100.00",
  percentage: "78.00",
  letter: "B",
  final_outcome: "pass",
  published_at: "2026-03-20T04:00:00Z",
};
const lacking = {
  code: "obligations_clear",
  label: "Nothing is owed",
  detail: "Proof of vaccination",
  severity: "block",
  where: {},
};

async function show(missing: object[]) {
  const move = { name: "issue", label: "Issue", needs_reason: false, warnings: [] };
  stubServer(({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/")
      return { body: reader(["result.view", "enrollment.self", "document.issue", "document.view"]) };
    if (pathname === "/api/v1/transcripts/readiness/")
      return { body: { ...move, allowed: missing.length === 0, missing } };
    if (pathname === "/api/v1/assessment/my/results/")
      return { body: { count: 1, next: null, previous: null, results: [RESULT] } };
    return { body: { count: 0, next: null, previous: null, results: [] } };
  });
  return renderScreen("/assessment/my-results");
}

test("a corrected result says when, and that the reason is told on request", async () => {
  await show([]);
  expect(await screen.findByText(/corrected on .*20.*, reason on request/)).toBeInTheDocument();
});

test("a transcript that is open leads to the form that asks for it", async () => {
  await show([]);
  await userEvent.click(await screen.findByRole("button", { name: "Ask for my transcript" }));
  expect(await screen.findByRole("dialog", { name: "Ask for my transcript" })).toBeInTheDocument();
});

test("a transcript that is blocked says what blocks it, in the server's words", async () => {
  await show([lacking]);
  const closed = await screen.findByRole("button", { name: "Ask for my transcript" });
  expect(closed).toHaveAccessibleDescription(/Nothing is owed: Proof of vaccination/);
  await userEvent.click(closed);
  expect(screen.queryByRole("dialog", { name: "Ask for my transcript" })).not.toBeInTheDocument();
});
