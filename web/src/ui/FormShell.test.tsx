import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { renderApp } from "../test/render";
import { FormShell } from "./FormShell";
import { pathOf, placeFaults } from "./pointers";

type Values = { name: string; contacts: { value: string }[] };
type Submit = (values: Values, attempt: { idempotencyKey: string }) => Promise<unknown>;

function PersonForm({ onSubmit, onReload }: { onSubmit: Submit; onReload?: () => void }) {
  const form = useForm<Values>({ initialValues: { name: "Amina", contacts: [{ value: "" }] } });
  return (
    <FormShell form={form} onSubmit={onSubmit} onReload={onReload} pointers={{ "/person/name": "name" }}>
      <TextInput label="Name" {...form.getInputProps("name")} />
      <TextInput label="Phone" {...form.getInputProps("contacts.0.value")} />
    </FormShell>
  );
}

const refuse = (status: number, facts: Partial<ConstructorParameters<typeof Problem>[0]> = {}) =>
  new Problem({ status, code: "refused", title: "", detail: "", ...facts });
const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }));

describe("a pointer", () => {
  test.each([
    ["/name", "name"],
    ["/contacts/0/value", "contacts.0.value"],
    ["/a~1b/c~0d", "a/b.c~d"],
  ])("%s leads to the field %s", (pointer, path) => {
    expect(pathOf(pointer)).toBe(path);
  });

  test("of no field of the form goes to the summary", () => {
    const faults = [
      { pointer: "/name", code: "blank", detail: "Too short" },
      { pointer: "/hidden", code: "bad", detail: "Bad" },
    ];
    const placed = placeFaults(faults, { name: "" });
    expect(placed.fields).toEqual({ name: "Too short" });
    expect(placed.rest).toEqual([faults[1]]);
  });
});

test("faults stand at their fields and the focused summary leads to them", async () => {
  const errors = [
    { pointer: "/person/name", code: "taken", detail: "This name is taken" },
    { pointer: "/contacts/0/value", code: "bad", detail: "Not a phone number" },
  ];
  await renderApp(() => <PersonForm onSubmit={() => Promise.reject(refuse(422, { errors }))} />);
  await save();
  const phone = screen.getByLabelText("Phone");
  await waitFor(() => expect(phone).toBeInvalid());
  expect(phone).toHaveAccessibleDescription("Not a phone number");
  expect(screen.getByLabelText("Name")).toHaveAccessibleDescription("This name is taken");
  expect(screen.getByText("2 entries need your attention")).toBeInTheDocument();
  expect(document.activeElement).toContainElement(screen.getByRole("alert"));
  await userEvent.click(screen.getByRole("button", { name: "Not a phone number" }));
  expect(phone).toHaveFocus();
});

test("a fault of no field and the request id are told", async () => {
  const errors = [{ pointer: "", code: "x", detail: "The batch is closed" }];
  const problem = refuse(422, { errors, detail: "Not saved", requestId: "r-5" });
  await renderApp(() => <PersonForm onSubmit={() => Promise.reject(problem)} />);
  await save();
  expect(await screen.findByText("The batch is closed")).toBeInTheDocument();
  expect(screen.getByText("Request r-5")).toBeInTheDocument();
});

test("two presses send once", async () => {
  let finish = () => undefined as unknown;
  const onSubmit = vi.fn<Submit>(() => new Promise((resolve) => (finish = () => resolve(null))));
  await renderApp(() => <PersonForm onSubmit={onSubmit} />);
  const form = screen.getByLabelText("Name").closest("form") as HTMLFormElement;
  // Within one event both presses come before the button can show that it is busy.
  act(() => {
    form.requestSubmit();
    form.requestSubmit();
  });
  expect(onSubmit).toHaveBeenCalledTimes(1);
  await act(async () => finish());
});

test("the same values tried again after a lost answer keep their key, changed values get another", async () => {
  const keys: string[] = [];
  const onSubmit: Submit = (_values, { idempotencyKey }) => {
    keys.push(idempotencyKey);
    return Promise.reject(refuse(0));
  };
  await renderApp(() => <PersonForm onSubmit={onSubmit} />);
  await save();
  await save();
  await userEvent.type(screen.getByLabelText("Name"), "h");
  await save();
  expect(keys).toHaveLength(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test("a stale version names what somebody else changed and keeps what was typed", async () => {
  const onReload = vi.fn();
  const problem = refuse(412, {
    extra: { differing: [{ field: "father_name", by: { id: 2, name: "Bilal" } }] },
  });
  await renderApp(() => <PersonForm onSubmit={() => Promise.reject(problem)} onReload={onReload} />);
  await userEvent.type(screen.getByLabelText("Name"), "h");
  await save();
  expect(await screen.findByText("Father name, changed by Bilal")).toBeInTheDocument();
  expect(screen.getByLabelText("Name")).toHaveValue("Aminah");
  await userEvent.click(screen.getByRole("button", { name: "Load the current version" }));
  expect(onReload).toHaveBeenCalledTimes(1);
});

test("leaving with unsaved text asks first, after saving it does not", async () => {
  const { router } = await renderApp(() => <PersonForm onSubmit={() => Promise.resolve(null)} />);
  await userEvent.type(screen.getByLabelText("Name"), "h");
  void router.navigate({ to: "/inbox" });
  await userEvent.click(await screen.findByRole("button", { name: "Stay here" }));
  expect(router.state.location.pathname).toBe("/");
  await save();
  await waitFor(() => expect(screen.getByRole("button", { name: "Save" })).toBeEnabled());
  await router.navigate({ to: "/inbox" });
  expect(await screen.findByText("elsewhere")).toBeInTheDocument();
});

test("what is half typed is never sent as if it had been left out", async () => {
  const onSubmit = vi.fn<Submit>(() => Promise.resolve(null));
  await renderApp(() => <PersonForm onSubmit={onSubmit} />);
  const name = screen.getByLabelText("Name");
  const badInput = vi.spyOn(name as HTMLInputElement, "validity", "get");
  badInput.mockReturnValue({ badInput: true } as ValidityState);
  await save();
  await waitFor(() => expect(name).toHaveAccessibleDescription("This entry is not complete."));
  expect(document.activeElement).toContainElement(screen.getByRole("alert"));
  expect(onSubmit).not.toHaveBeenCalled();
  badInput.mockReturnValue({ badInput: false } as ValidityState);
  await save();
  expect(onSubmit).toHaveBeenCalledTimes(1);
});
