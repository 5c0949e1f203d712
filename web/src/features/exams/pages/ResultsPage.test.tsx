import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const EXAM = {
  id: 5,
  title: "Anatomy",
  exam_type: "theory",
  status: "marking",
  funnel: { draft: 3, verified: 0, published: 0, frozen: 0 },
  publish_at: null,
  publish_by_name: "",
  show_statistics: false,
  audience: [],
  moves: [],
  version: 7,
};
const FIGURES = {
  average_marks: "50.00",
  median: "50.00",
  standard_deviation: "4.00",
  minimum: "40.00",
  maximum: "60.00",
};
const STATISTICS = {
  ...FIGURES,
  total: 3,
  marked: 3,
  absent: 0,
  exempt: 0,
  passed: 2,
  failed: 1,
  pending: 0,
  pass_percentage: "66.67",
  max_marks: "100.00",
  passing_marks: "50.00",
  by_letter: { B: 2, F: 1 },
  histogram: [0, 0, 0, 0, 1, 2, 0, 0, 0, 0],
  components: [],
};
const lacks = (code: string, label: string, result: number) => ({
  code,
  label,
  detail: "",
  severity: "block",
  where: { result, reg_no: `MB-00${result}` },
});

async function show(permissions: string[], exam: object = {}, statistics: number | object = STATISTICS) {
  const sent: { pathname: string; body: Record<string, unknown> }[] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: reader(["exam.view", "result.view", ...permissions]) };
    if (request.method === "POST") {
      const body = (await request.json()) as Record<string, unknown>;
      sent.push({ pathname, body });
      if (body.mode === "possible") {
        return {
          body: {
            moved: 2,
            refused: [
              {
                result: 1,
                reg_no: "MB-001",
                missing: [lacks("marks_complete", "Every component has its entry", 1)],
              },
            ],
          },
        };
      }
      const missing = [
        lacks("marks_complete", "Every component has its entry", 1),
        lacks("outcome_decided", "It is passed or failed", 1),
      ];
      return {
        status: 409,
        body: { status: 409, code: "NOT_VERIFIABLE", detail: "Every component", missing },
      };
    }
    if (pathname.endsWith("/statistics/")) {
      return typeof statistics === "number"
        ? { status: statistics, body: { status: statistics, code: "not_found" } }
        : { body: statistics };
    }
    if (pathname.endsWith("/results/"))
      return { body: { count: 0, next: null, previous: null, results: [] } };
    return { body: { ...EXAM, ...exam } };
  });
  await renderScreen("/assessment/exams/5/results");
  await screen.findByRole("heading", { level: 1 });
  return { user: userEvent.setup(), sent };
}

describe("the results of an exam", () => {
  test("go on by one press; refused, they say what each lacks, and the others go alone if one wants", async () => {
    const { user, sent } = await show(["result.verify"]);
    await user.click(screen.getByRole("button", { name: "Verify all 3" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("Nothing was moved: one result lacks something")).toBeInTheDocument();
    expect(within(dialog).getByText("MB-001")).toBeInTheDocument();
    expect(within(dialog).getByText("It is passed or failed")).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Move those that may" }));
    expect(await screen.findByText("2 results were moved.")).toBeInTheDocument();
    expect(sent.map(({ body }) => body.mode)).toEqual(["all", "possible"]);
    expect(sent[0]?.pathname).toBe("/api/v1/assessment/exams/5/results/moves/verify/");
  });

  test("are returned with a reason alone", async () => {
    const { user, sent } = await show(["result.verify"], {
      funnel: { draft: 0, verified: 2, published: 0, frozen: 0 },
    });
    await user.click(screen.getByRole("button", { name: "Return all 2" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Return to draft" }));
    expect(sent).toEqual([]);
    await user.type(within(dialog).getByRole("textbox"), "Wrong key");
    await user.click(within(dialog).getByRole("button", { name: "Return to draft" }));
    await waitFor(() => expect(sent[0]?.body).toEqual({ mode: "all", reason: "Wrong key" }));
  });

  test("offer nobody a move that is not theirs", async () => {
    await show([], { funnel: { draft: 3, verified: 2, published: 1, frozen: 0 } });
    const funnel = screen.getByRole("list", { name: "How many results stand where" });
    expect(within(funnel).queryByRole("button")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Set" })).not.toBeInTheDocument();
  });

  test("are told in numbers, bar by bar to whoever does not see them", async () => {
    await show([]);
    const bars = await screen.findByRole("list", { name: "Candidates by percentage" });
    expect(within(bars).getByText("50 to 60 %: 2")).toBeInTheDocument();
    expect(screen.getByText("66.67 %")).toBeInTheDocument();
  });

  test("without statistics that one may see show none, and no fault", async () => {
    await show([], {}, 404);
    expect(await screen.findByText("No results yet")).toBeInTheDocument();
    expect(screen.queryByText("What the class obtained")).not.toBeInTheDocument();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});
