import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import type { Leave } from "../queries";
import { LeaveAttachment } from "./LeaveAttachment";

const cancel = {
  name: "cancel",
  label: "Cancel",
  allowed: true,
  missing: [],
  warnings: [],
  needs_reason: false,
};
const leave = (more: Partial<Leave>): Leave =>
  ({ id: 7, status: "pending", attachment: null, moves: [cancel], ...more }) as Leave;

test("a certificate is attached to leave that one may still take back", async () => {
  const seen = stubServer(() => ({ status: 204 }));
  await renderApp(() => <LeaveAttachment leave={leave({})} />);
  const file = new File(["%PDF-"], "certificate.pdf", { type: "application/pdf" });
  const input = document.querySelector("input[type=file]") as HTMLInputElement;
  expect(await screen.findByRole("button", { name: "Attach a certificate" })).toBeEnabled();
  await userEvent.upload(input, file);
  await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
  const post = seen.find(({ method }) => method === "POST");
  expect(new URL(post?.url ?? "").pathname).toBe("/api/v1/directory/leaves/7/attachment/");
});

test("once decided it is read and no longer changed", async () => {
  await renderApp(() => (
    <LeaveAttachment
      leave={leave({ status: "approved", attachment: "/api/v1/directory/leaves/7/attachment/" })}
    />
  ));
  expect(await screen.findByRole("link", { name: "Open the attachment" })).toHaveAttribute(
    "href",
    "/api/v1/directory/leaves/7/attachment/",
  );
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
