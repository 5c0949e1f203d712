import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const item = (id: number, title: string, weight: string) => ({
  id,
  exam: id + 10,
  title,
  exam_type: "quiz",
  exam_status: "completed",
  scheduled_at: "2026-03-09T10:00:00Z",
  weight,
  version: 4,
});
const BOOK = {
  section: 3,
  section_name: "Section A",
  course_name: "Anatomy",
  weights_total: "60.00",
  is_whole: false,
  may_manage: true,
  items: [item(1, "Quiz", "60.00")],
  rows: [
    {
      person: 7,
      reg_no: "MB-001",
      full_name: "Sara",
      cells: [
        {
          item: 1,
          result: 21,
          total_obtained: "9.00",
          total_max: "10.00",
          percentage: "90.00",
          letter: "A+",
          final_outcome: "pass",
        },
      ],
      running: "90.00",
      final: null,
      letter: "",
    },
  ],
};

async function show(book: object = {}) {
  const sent: { method: string; body: unknown; version: string | null }[] = [];
  stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/me/") return { body: reader(["result.view_decided"]) };
    if (request.method === "PATCH") {
      sent.push({
        method: request.method,
        body: await request.json(),
        version: request.headers.get("If-Match"),
      });
      const whole = { weights_total: "100.00", is_whole: true, items: [item(1, "Quiz", "100.00")] };
      return { body: { ...BOOK, ...whole } };
    }
    return { body: { ...BOOK, ...book } };
  });
  await renderScreen("/assessment/sections/3/gradebook");
  await screen.findByRole("heading", { level: 1 });
  return { user: userEvent.setup(), sent };
}

describe("a gradebook", () => {
  test("says in plain sight what is open to 100, and gives no final grade before", async () => {
    await show();
    expect(screen.getByRole("status")).toHaveTextContent("The weights add up to 60 %; 40 % are open.");
    const cells = within(screen.getByRole("row", { name: /Sara/ })).getAllByRole("cell");
    expect(cells.map(({ textContent }) => textContent?.trim())).toEqual(["90 %", "90 %", "–"]);
    expect(screen.getByRole("link", { name: "90 %" })).toHaveAttribute("href", "/assessment/results/21");
  });

  test("is weighed anew with the version that was read, and shows what the server answers", async () => {
    const { user, sent } = await show();
    await user.click(screen.getByRole("button", { name: "Weigh anew" }));
    const dialog = await screen.findByRole("dialog");
    const weight = within(dialog).getByRole("textbox");
    await user.clear(weight);
    await user.type(weight, "100");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toEqual([{ method: "PATCH", body: { weight: "100" }, version: '"4"' }]));
    expect(await screen.findByText("The weights add up to 100 %.")).toBeInTheDocument();
  });

  test("of somebody else is only read", async () => {
    await show({ may_manage: false });
    expect(screen.queryByRole("button", { name: "Weigh anew" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Let an exam count" })).not.toBeInTheDocument();
  });
});
