import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { reader } from "../test/reader";

const POLICY = {
  id: 2,
  scope: "institution",
  number: 2,
  effective_from: "2026-12-01",
  threshold: "75.00",
  late_weight: "1.00",
  excused: "exclude",
  check_in_opens_minutes: 15,
  late_after_minutes: 10,
  near_margin: "5.00",
  condonation_max_points: "5.00",
  condonations_per_period: 1,
  status: "draft",
  version: 4,
  moves: [],
};
const PREVIEW = {
  people: 192,
  gain: 0,
  lose: 2,
  start_date: "2026-06-01",
  end_date: "2026-11-21",
  sample: [{ full_name: "Sara", reg_no: "MB-001", before: "78.00", after: "70.00", is_eligible: false }],
};

async function show(permissions: string[], more: object = {}) {
  const asked: URL[] = [];
  const sent: { body: unknown; version: string | null }[] = [];
  stubServer(async (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/api/v1/me/") return { body: reader(["attendance.view", ...permissions]) };
    if (url.pathname.endsWith("/example/")) {
      asked.push(url);
      const isHigh = url.searchParams.get("threshold") === "80";
      return {
        body: {
          percentage: "77.42",
          threshold: isHigh ? "80.00" : "75.00",
          is_eligible: !isHigh,
          is_near: !isHigh,
          is_condonable: isHigh,
          code: isHigh ? "below_threshold" : "eligible",
        },
      };
    }
    if (url.pathname.endsWith("/preview/")) return { body: PREVIEW };
    if (request.method === "PATCH") {
      sent.push({ body: await request.json(), version: request.headers.get("If-Match") });
    }
    return { body: { ...POLICY, ...more } };
  });
  await renderScreen("/attendance/policies/2");
  await screen.findByRole("heading", { level: 1 });
  return { user: userEvent.setup(), asked, sent };
}

describe("a policy", () => {
  test("is tried on somebody while it is written, and the server reckons", async () => {
    const { user, asked, sent } = await show(["attendance.policy"]);
    expect(await screen.findByText("May sit")).toBeInTheDocument();
    expect(screen.getByText("Would be warned")).toBeInTheDocument();
    const threshold = screen.getByLabelText(/Needed/);
    await user.clear(threshold);
    await user.type(threshold, "80");
    expect(await screen.findByText("Below the threshold")).toBeInTheDocument();
    expect(screen.getByText("Could be condoned")).toBeInTheDocument();
    expect(asked.at(-1)?.searchParams.get("late_count")).toBe("4");
    expect(sent).toEqual([]);
  });

  test("says who changes if it holds, and how many more than it names", async () => {
    await show(["attendance.policy"]);
    expect(await screen.findByText("Sara")).toBeInTheDocument();
    expect(screen.getByText("and one more")).toBeInTheDocument();
    expect(screen.getByText("192")).toBeInTheDocument();
  });

  test("is saved with the version that was read", async () => {
    const { user, sent } = await show(["attendance.policy"]);
    await user.click(await screen.findByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.version).toBe('"4"');
    expect(sent[0]?.body).toMatchObject({
      threshold: "75",
      excused: "exclude",
      effective_from: "2026-12-01",
    });
    expect(sent[0]?.body).not.toHaveProperty("scope");
  });

  test("that holds, or is somebody else's to write, is only read", async () => {
    const { asked } = await show([], { status: "active" });
    expect(await screen.findByText("Do not count")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
    expect(asked).toEqual([]);
  });
});
