// An act that asks once is done once, and nobody who uses a keyboard loses their place by it.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { renderApp } from "../test/render";
import { ConfirmButton } from "./ConfirmButton";

const WORDS = { title: "End it?", question: "It is over then.", confirm: "End" };

function Lines({ end }: { end: (name: string) => Promise<unknown> }) {
  const [names, setNames] = useState(["one", "two"]);
  return (
    <ul aria-label="Lines">
      {names.map((name) => (
        <li key={name}>
          <ConfirmButton
            {...WORDS}
            act={async () => {
              await end(name);
              setNames((before) => before.filter((each) => each !== name));
            }}
          >
            {name}
          </ConfirmButton>
        </li>
      ))}
    </ul>
  );
}

async function ask(name: string) {
  await userEvent.click(await screen.findByRole("button", { name }));
  const dialog = await screen.findByRole("dialog");
  return within(dialog).getByRole("button", { name: "End" });
}

test("pressed twice it is done once", async () => {
  const end = vi.fn(() => new Promise((done) => setTimeout(done, 20)));
  await renderApp(() => <Lines end={end} />);
  const confirm = await ask("one");
  confirm.click();
  confirm.click();
  await waitFor(() => expect(screen.queryByRole("button", { name: "one" })).not.toBeInTheDocument());
  expect(end).toHaveBeenCalledTimes(1);
});

test("what stood around a thing has the focus when the thing is gone", async () => {
  await renderApp(() => <Lines end={async () => undefined} />);
  await userEvent.click(await ask("one"));
  await waitFor(() => expect(screen.queryByRole("button", { name: "one" })).not.toBeInTheDocument());
  expect(screen.getByRole("list", { name: "Lines" })).toHaveFocus();
  await userEvent.tab();
  expect(screen.getByRole("button", { name: "two" })).toHaveFocus();
});

test("refused, the button that does it has the focus again, and can be pressed again", async () => {
  const end = vi.fn<() => Promise<unknown>>();
  let refuse: (problem: Problem) => void = () => undefined;
  end.mockReturnValueOnce(new Promise((_, refused) => (refuse = refused)));
  end.mockResolvedValueOnce(undefined);
  await renderApp(() => <Lines end={end} />);
  const confirm = await ask("one");
  await userEvent.click(confirm);
  confirm.blur(); // as a browser does with a button that waits
  refuse(new Problem({ status: 0, code: "unreachable", title: "", detail: "" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The server does not answer");
  await waitFor(() => expect(confirm).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("button", { name: "one" })).not.toBeInTheDocument());
});

test("left with Escape, the button that asked has the focus again", async () => {
  const end = vi.fn();
  await renderApp(() => <Lines end={end} />);
  await ask("one");
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole("button", { name: "one" })).toHaveFocus());
  expect(end).not.toHaveBeenCalled();
});
