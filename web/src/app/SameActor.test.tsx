// Nobody writes in their own name what they began as somebody else.
import { screen, waitFor } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Me, meQuery } from "../api/me";
import { renderApp } from "../test/render";
import { stubServer } from "../test/server";
import * as afresh from "./afresh";
import { SameActor } from "./SameActor";

let start: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  start = vi.spyOn(afresh, "startAfresh").mockReturnValue(undefined);
});
afterEach(() => start.mockRestore());

const ACTING = { name: "Shazia Iqbal", expires_at: "2026-03-02T10:00:00Z" };
const SHAZIA = { user: { id: 8 }, institution: { id: 1 }, permissions: [], impersonation: ACTING, badges: 1 };

async function reread(later: object) {
  let me: object = SHAZIA;
  stubServer(() => ({ body: me }));
  const { queryClient } = await renderApp(() => (
    <Suspense fallback="still asking">
      <SameActor />
      <p>all is there</p>
    </Suspense>
  ));
  await screen.findByText("all is there");
  me = later;
  await queryClient.refetchQueries({ queryKey: meQuery.queryKey });
  return () => queryClient.getQueryData<Me>(meQuery.queryKey);
}

test.each([
  ["acting as somebody has ended", { ...SHAZIA, user: { id: 2 }, impersonation: null }],
  ["another signed in", { ...SHAZIA, user: { id: 9 } }],
  ["the same account acts for itself", { ...SHAZIA, impersonation: null }],
])("begins afresh where %s elsewhere", async (_what, later) => {
  await reread(later);
  await waitFor(() => expect(start).toHaveBeenCalledExactlyOnceWith("/"));
});

test("stays where the same person has more to do", async () => {
  const seen = await reread({ ...SHAZIA, badges: 2 });
  await waitFor(() => expect(seen()).toMatchObject({ badges: 2 }));
  expect(start).not.toHaveBeenCalled();
});
