// The form behind a link: what is sent, what is told, and that nothing typed is lost.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { renderScreen } from "../../test/render";
import { stubServer } from "../../test/server";
import { FIELD_NAMES, type Values } from "../../ui/application/fields";
import { keep } from "./draft";

const EMPTY = Object.fromEntries(FIELD_NAMES.map((name) => [name, ""])) as Values;
const DRAFT = {
  ...EMPTY,
  id: 7,
  number: null,
  status: "draft",
  email: "amina@example.org",
  version: 3,
  institution: "Farabi University",
  institution_code: "farabi",
  time_zone: "Asia/Karachi",
  language: "",
  program_name: "Medicine",
  batch_name: "2031 Batch",
  opens_at: "2026-03-01T00:00:00Z",
  closes_at: "2026-04-01T00:00:00Z",
  link_expires_at: "2026-03-30T00:00:00Z",
  submitted_at: null,
  decided_at: null,
  decision_reason: "",
  papers: [],
  moves: [],
};

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
type Handler = (body: Record<string, unknown>, version: string | null) => Answer;

function serve(own: () => Answer, patch: Handler = () => ({ body: DRAFT })) {
  return stubServer(async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/api/v1/academics/apply/")) return { body: {} };
    if (request.method === "PATCH") return patch(await request.json(), request.headers.get("If-Match"));
    return own();
  });
}

const problem = (status: number, code: string, rest: object = {}) => ({
  status,
  body: { status, code, detail: "", ...rest },
});
const next = () => userEvent.click(screen.getByRole("button", { name: "Save and continue" }));
const step = (n: number) => screen.findByRole("heading", { name: new RegExp(`^Step ${n} of 6`) });

beforeEach(() => sessionStorage.clear());

describe("the form behind a link", () => {
  test.each([
    [404, "not_found"],
    [410, "link_expired"],
  ])("answers %s with the same page, which leads to a new link", async (status, code) => {
    serve(() => problem(status, code));
    await renderScreen("/apply/tok");
    expect(await screen.findByRole("heading", { name: "This link is no longer valid" })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Ask for a new link" })).toHaveAttribute("href", "/apply");
  });

  test("says when applications close by the clocks of the institution", async () => {
    serve(() => ({ body: DRAFT }));
    await renderScreen("/apply/tok");
    expect(await screen.findByText(/1 Apr(il)? 2026,? 05:00/)).toBeInTheDocument();
  });

  test("sends what changed and no more, with the version that it has seen, and goes on", async () => {
    const sent: unknown[] = [];
    serve(
      () => ({ body: { ...DRAFT, father_name: "Yusuf" } }),
      (body, version) => {
        sent.push([body, version]);
        return { body: { ...DRAFT, father_name: "Yusuf", ...body, version: 4 } };
      },
    );
    await renderScreen("/apply/tok");
    await userEvent.type(await screen.findByLabelText("Full name"), "Amina");
    await next();
    await step(2);
    expect(sent).toEqual([[{ full_name: "Amina" }, '"3"']]);
    expect(screen.getByText(/^Saved at/)).toBeInTheDocument();
  });

  test("shows what is wrong at its field, stays there, and keeps what was typed", async () => {
    serve(
      () => ({ body: DRAFT }),
      () =>
        problem(422, "invalid", {
          errors: [
            { pointer: "/cnic_or_bform", code: "bad_number", detail: "Exactly 13 digits are wanted." },
          ],
        }),
    );
    await renderScreen("/apply/tok");
    await userEvent.type(await screen.findByLabelText("CNIC or B-form number"), "12");
    await next();
    const alert = await screen.findByRole("alert");
    expect(
      within(alert).getByRole("button", { name: /CNIC or B-form number: Exactly 13/ }),
    ).toBeInTheDocument();
    expect(screen.getByLabelText("CNIC or B-form number")).toHaveValue("12");
    expect(screen.getByLabelText("CNIC or B-form number")).toBeInvalid();
    expect(screen.getByRole("heading", { name: /^Step 1 of 6/ })).toBeInTheDocument();
  });

  test("is told of another tab, takes over what that one saved, and saves its own on top", async () => {
    const sent: unknown[] = [];
    let stands = DRAFT;
    serve(
      () => ({ body: stands }),
      (body, version) => {
        sent.push([body, version]);
        if (version === '"3"') return problem(412, "stale_version");
        stands = { ...stands, ...body, version: 6 };
        return { body: stands };
      },
    );
    await renderScreen("/apply/tok");
    await userEvent.type(await screen.findByLabelText("Full name"), "Amina");
    stands = { ...DRAFT, father_name: "Yusuf", version: 5 } as typeof DRAFT;
    await next();
    await step(2);
    expect(sent).toEqual([
      [{ full_name: "Amina" }, '"3"'],
      [{ full_name: "Amina" }, '"5"'],
    ]);
    expect(screen.getByText(/changed in another tab/)).toBeInTheDocument();
    expect(screen.getByText(/Taken over from there: Father's name/)).toBeInTheDocument();
  });

  test("asks where both wrote into one field, and saves what was chosen", async () => {
    const sent: unknown[] = [];
    let stands = DRAFT;
    serve(
      () => ({ body: stands }),
      (body, version) => {
        sent.push([body, version]);
        return version === '"3"'
          ? problem(412, "stale_version")
          : { body: { ...stands, ...body, version: 6 } };
      },
    );
    await renderScreen("/apply/tok");
    await userEvent.type(await screen.findByLabelText("Full name"), "Amina");
    stands = { ...DRAFT, full_name: "Aminah", version: 5 } as typeof DRAFT;
    await next();
    expect(await screen.findByText("Aminah")).toBeInTheDocument();
    expect(screen.getByLabelText("Full name")).toHaveValue("Amina");
    expect(sent).toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: "Keep what I typed" }));
    await next();
    await step(2);
    expect(sent[1]).toEqual([{ full_name: "Amina" }, '"5"']);
  });

  test("goes on when the server asks to wait, and says until when", async () => {
    serve(
      () => ({ body: DRAFT }),
      () => ({ ...problem(429, "too_many_requests"), headers: { "Retry-After": "30" } }),
    );
    await renderScreen("/apply/tok");
    await userEvent.type(await screen.findByLabelText("Full name"), "Amina");
    await next();
    await step(2);
    expect(screen.getByText(/the rest is saved by itself/)).toBeInTheDocument();
    expect(screen.getByText(/^(30|29) s$/)).toBeInTheDocument();
  });

  test("has what was typed and not saved again after the page was loaded anew", async () => {
    serve(() => ({ body: DRAFT }));
    const first = await renderScreen("/apply/tok");
    await userEvent.type(await screen.findByLabelText("Full name"), "Amina");
    first.unmount();
    await renderScreen("/apply/tok");
    expect(await screen.findByLabelText("Full name")).toHaveValue("Amina");
    expect(screen.getByText(/Not saved yet/)).toBeInTheDocument();
  });

  test("shows where the application stands once it was handed in, and not that somebody looks closer", async () => {
    const moves = [
      { name: "withdraw", label: "Withdraw", allowed: true, needs_reason: false, missing: [], warnings: [] },
    ];
    serve(() => ({
      body: {
        ...DRAFT,
        status: "needs_review",
        number: "STU-20260301-0001",
        submitted_at: "2026-03-01T08:00:00Z",
        moves,
      },
    }));
    keep(DRAFT.id, { base: EMPTY, mine: { ...EMPTY, guardian_name: "Sana" } }); // typed before another tab handed it in
    await renderScreen("/apply/tok");
    expect(await screen.findByText("STU-20260301-0001")).toBeInTheDocument();
    expect(screen.getByText("Received")).toBeInTheDocument();
    expect(screen.queryByText(/review/i)).not.toBeInTheDocument();
    expect(sessionStorage.length).toBe(0);
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Withdraw the application" })).toBeEnabled(),
    );
  });
});
