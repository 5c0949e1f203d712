import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Move, MoveRequest } from "../api/moves";
import { Problem } from "../api/problem";
import { renderApp } from "../test/render";
import { MoveButtons } from "./MoveButtons";

const clash = {
  code: "room_clash",
  label: "No room is used twice",
  detail: "Room 8, Monday 08:00",
  severity: "block" as const,
  where: null,
};
const move = (facts: Partial<Move>): Move => ({
  name: "publish",
  label: "Publish",
  allowed: true,
  missing: [],
  ...facts,
});
const done = () => vi.fn((_request: MoveRequest): Promise<unknown> => Promise.resolve());

test("an open move without questions is performed at once", async () => {
  const onMove = done();
  await renderApp(() => <MoveButtons moves={[move({})]} onMove={onMove} />);
  await userEvent.click(screen.getByRole("button", { name: "Publish" }));
  expect(onMove).toHaveBeenCalledExactlyOnceWith({ name: "publish" });
});

test("a closed move can be reached by keyboard, says what is missing and does nothing", async () => {
  const onMove = done();
  await renderApp(() => <MoveButtons moves={[move({ allowed: false, missing: [clash] })]} onMove={onMove} />);
  await userEvent.tab();
  const button = screen.getByRole("button", { name: "Publish" });
  expect(button).toHaveFocus();
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAccessibleDescription("Not possible yet. No room is used twice: Room 8, Monday 08:00");
  const missing = await screen.findByText("No room is used twice");
  await waitFor(() => expect(missing).toBeVisible());
  await userEvent.keyboard("{Enter}");
  expect(onMove).not.toHaveBeenCalled();
});

test("a move that needs a reason is not sent without one", async () => {
  const onMove = done();
  const moves = [move({ name: "return", label: "Return", needs_reason: true })];
  await renderApp(() => <MoveButtons moves={moves} onMove={onMove} />);
  await userEvent.click(screen.getByRole("button", { name: "Return to draft" }));
  const dialog = await screen.findByRole("dialog");
  const confirm = () => userEvent.click([...dialog.querySelectorAll("button")].at(-1) as HTMLButtonElement);
  await confirm();
  expect(onMove).not.toHaveBeenCalled();
  expect(screen.getByText("Please give a reason.")).toBeInTheDocument();
  await userEvent.type(screen.getByRole("textbox", { name: /Reason/ }), " Dr Khan unwell ");
  await confirm();
  expect(onMove).toHaveBeenCalledExactlyOnceWith({ name: "return", reason: "Dr Khan unwell" });
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("warnings are shown before the move is sent", async () => {
  const onMove = done();
  const warning = { ...clash, severity: "warn" as const, label: "A room is missing", detail: "" };
  await renderApp(() => <MoveButtons moves={[move({ warnings: [warning] })]} onMove={onMove} />);
  await userEvent.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText("A room is missing")).toBeVisible();
  expect(onMove).not.toHaveBeenCalled();
});

test("a refusal that comes meanwhile says what became missing", async () => {
  const refusal = new Problem({
    status: 409,
    code: "not_now",
    title: "Not now",
    detail: "",
    missing: [clash],
  });
  const onMove = vi.fn(() => Promise.reject(refusal));
  await renderApp(() => <MoveButtons moves={[move({})]} onMove={onMove} />);
  await userEvent.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText("No room is used twice")).toBeVisible();
});

test("what is wrong with the reason stands at it, whatever the API calls it", async () => {
  const errors = [{ pointer: "/comment", code: "comment_required", detail: "Say it in 5 characters." }];
  const onMove = vi.fn(() =>
    Promise.reject(new Problem({ status: 422, code: "comment_required", title: "", detail: "", errors })),
  );
  const moves = [move({ name: "return", label: "Return", needs_reason: true })];
  await renderApp(() => <MoveButtons moves={moves} onMove={onMove} />);
  await userEvent.click(screen.getByRole("button", { name: "Return to draft" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByRole("textbox"), "abc");
  await userEvent.click(within(dialog).getByRole("button", { name: "Return to draft" }));
  await waitFor(() =>
    expect(within(dialog).getByRole("textbox")).toHaveAccessibleDescription(/Say it in 5 characters/),
  );
});

test("whoever closes the question by keyboard is at the button again, and a click beside it loses no reason", async () => {
  const moves = [move({ name: "return", label: "Return", needs_reason: true })];
  await renderApp(() => <MoveButtons moves={moves} onMove={done()} />);
  const button = screen.getByRole("button", { name: "Return to draft" });
  button.focus();
  await userEvent.keyboard("{Enter}");
  const reason = await screen.findByRole("textbox");
  await userEvent.type(reason, "Rooms");
  await userEvent.click(document.querySelector(".mantine-Modal-inner") as HTMLElement);
  expect(reason).toHaveValue("Rooms");
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(button).toHaveFocus());
});
