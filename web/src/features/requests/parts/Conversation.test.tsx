import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import type { Remark, Request } from "../queries";
import { Conversation } from "./Conversation";

const said = (id: number, text: string, is_internal = false): Remark =>
  ({ id, text, is_internal, author: 3, author_name: "Ruth", created_at: "2026-03-01T08:00:00Z" }) as Remark;
const request = (more: Partial<Request>): Request =>
  ({ id: 7, remarks: [], is_own: false, is_handler: false, ...more }) as Request;

describe("what is said about a request", () => {
  test("an internal note looks different from what the other side reads", async () => {
    const remarks = [said(1, "Which year?"), said(2, "A book is missing.", true)];
    await renderApp(() => <Conversation request={request({ is_handler: true, remarks })} />);
    const [open, kept] = await screen.findAllByRole("listitem");
    expect(open).not.toHaveAttribute("data-internal");
    expect(open).not.toHaveTextContent("Only handlers see this");
    expect(kept).toHaveAttribute("data-internal");
    expect(kept).toHaveTextContent("Only handlers see this");
  });

  test("a handler says before sending whether it is internal", async () => {
    const seen = stubServer(() => ({ status: 201, body: {} }));
    await renderApp(() => <Conversation request={request({ is_handler: true })} />);
    await userEvent.click(await screen.findByRole("switch", { name: "Internal note" }));
    await userEvent.type(screen.getByLabelText("Keep a note among handlers"), "  A book is missing. ");
    await userEvent.click(screen.getByRole("button", { name: "Keep the note" }));
    await waitFor(() => expect(seen.some(({ method }) => method === "POST")).toBe(true));
    const post = seen.find(({ method }) => method === "POST");
    expect(new URL(post?.url ?? "").pathname).toBe("/api/v1/academics/requests/7/remarks/");
    expect(await post?.json()).toEqual({ text: "A book is missing.", is_internal: true });
  });

  test("the one who asked has no such switch, and nothing empty is sent", async () => {
    await renderApp(() => <Conversation request={request({ is_own: true })} />);
    expect(await screen.findByRole("button", { name: "Send" })).toBeDisabled();
    expect(screen.queryByRole("switch")).not.toBeInTheDocument();
  });

  test("who only looks on says nothing", async () => {
    await renderApp(() => <Conversation request={request({ remarks: [said(1, "Which year?")] })} />);
    expect(await screen.findByText("Which year?")).toBeVisible();
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  });

  test("a refusal keeps what was written", async () => {
    stubServer(({ method }) =>
      method === "POST" ? { status: 409, body: { code: "own_request", detail: "", status: 409 } } : {},
    );
    await renderApp(() => <Conversation request={request({ is_own: true })} />);
    await userEvent.type(await screen.findByRole("textbox"), "Please hurry.");
    await userEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Somebody else serves one's own request");
    expect(screen.getByRole("textbox")).toHaveValue("Please hurry.");
  });
});
