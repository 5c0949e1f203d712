import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { coveredBy } from "../bands";
import { SchemeForm } from "../forms/SchemeForm";
import type { GradeScheme } from "../queries";

const PATH = "/api/v1/assessment/grade-schemes/";
const scheme: GradeScheme = {
  id: 4,
  scope_key: "institution",
  name: "Undergraduate",
  number: 2,
  status: "draft",
  bands: [
    { min_percent: "60.00", letter: "B", point: "3.00", is_fail: false },
    { min_percent: "50.00", letter: "C", point: null, is_fail: false },
    { min_percent: "0.00", letter: "F", point: null, is_fail: true },
  ],
  version: 3,
  created_at: "2026-03-01T08:00:00Z",
  updated_at: "2026-03-01T08:00:00Z",
};

describe("the bands of a draft", () => {
  test("are sent as they stand, under the version that was read", async () => {
    const seen = stubServer(() => ({ body: { ...scheme, version: 4 } }));
    const onDone = vi.fn();
    await renderApp(() => <SchemeForm scheme={scheme} onDone={onDone} />);
    const letter = await screen.findByLabelText("Letter of band 2");
    await userEvent.clear(letter);
    await userEvent.type(letter, "C+");
    await userEvent.click(screen.getByRole("button", { name: "Remove band 1" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(onDone).toHaveBeenCalled());
    const patch = seen.find(({ method }) => method === "PATCH");
    expect(new URL(patch?.url ?? "").pathname).toBe(`${PATH}4/`);
    expect(patch?.headers.get("If-Match")).toBe('"3"');
    expect(await patch?.json()).toEqual({
      bands: [
        { min_percent: "50", letter: "C+", point: null, is_fail: false },
        { min_percent: "0", letter: "F", point: null, is_fail: true },
      ],
    });
  });

  test("one alone means failed", async () => {
    const seen = stubServer(() => ({ body: scheme }));
    await renderApp(() => <SchemeForm scheme={scheme} onDone={vi.fn()} />);
    await userEvent.click(await screen.findByRole("radio", { name: "Band 2 means failed" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "PATCH")).toBe(true));
    const body = (await seen.find(({ method }) => method === "PATCH")?.json()) as Pick<GradeScheme, "bands">;
    expect(body.bands.map(({ is_fail }) => is_fail)).toEqual([false, true, false]);
  });

  test("that the server refuses say what is wrong, at the band and below the table", async () => {
    stubServer(({ method }) =>
      method === "PATCH"
        ? {
            status: 422,
            body: {
              status: 422,
              code: "invalid",
              title: "Invalid",
              errors: [
                {
                  pointer: "/bands/1/letter",
                  code: "letter_repeated",
                  detail: "Another band has that letter.",
                },
                { pointer: "/bands", code: "gap_below", detail: "The lowest band begins at 0." },
              ],
            },
          }
        : { body: scheme },
    );
    await renderApp(() => <SchemeForm scheme={scheme} onDone={vi.fn()} />);
    await userEvent.click(await screen.findByRole("button", { name: "Save" }));
    const letter = await screen.findByLabelText("Letter of band 2");
    await waitFor(() => expect(letter).toHaveAttribute("aria-invalid", "true"));
    expect(screen.getAllByText("The lowest band begins at 0.").length).toBeGreaterThan(0);
  });

  test("of the next version begin as they are, and keep the name", async () => {
    const seen = stubServer(() => ({ status: 201, body: { ...scheme, id: 5, number: 3 } }));
    await renderApp(() => <SchemeForm from={scheme} onDone={vi.fn()} />);
    expect(screen.queryByLabelText(/^Name/)).not.toBeInTheDocument();
    await userEvent.click(await screen.findByRole("button", { name: "Draft it" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    expect(await seen.find(({ method }) => method === "POST")?.json()).toMatchObject({
      name: "Undergraduate",
      scope_key: "institution",
      bands: [{ letter: "B", point: "3" }, { letter: "C" }, { letter: "F", is_fail: true }],
    });
  });
});

test("a band covers up to the next higher one, whatever their order", () => {
  const rows = [0, 60, 50].map((min_percent) => ({ min_percent, letter: "", point: "", is_fail: false }));
  expect([0, 1, 2].map((place) => coveredBy(rows, place))).toEqual([
    [0, 50],
    [60, 100],
    [50, 60],
  ]);
});
