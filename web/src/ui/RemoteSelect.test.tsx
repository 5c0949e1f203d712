import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { renderApp } from "../test/render";
import { stubServer } from "../test/server";
import { PersonSelect } from "./references";

const PEOPLE = [
  { id: 1, name: "Farrukh Saleem" },
  { id: 2, name: "Dr Imran Qazi" },
];

function Choosing() {
  const [value, setValue] = useState<number | null>(1);
  return <PersonSelect label="Who" value={value} chosenLabel="Farrukh Saleem" onChange={setValue} />;
}

async function open() {
  const asked = stubServer((request) => {
    const search = new URL(request.url).searchParams.get("search") ?? "";
    const results = PEOPLE.filter(({ name }) => name.includes(search));
    return { body: { count: results.length, next: null, previous: null, results } };
  });
  await renderApp(() => <Choosing />);
  return { user: userEvent.setup(), asked, field: screen.getByRole("combobox", { name: "Who" }) };
}

test("what is typed into a field with a name replaces the name", async () => {
  const { user, field } = await open();
  await user.click(field);
  await user.keyboard("Imran");
  expect(field).toHaveValue("Imran");
  await user.click(await screen.findByRole("option", { name: "Dr Imran Qazi" }));
  expect(field).toHaveValue("Dr Imran Qazi");
});

test("choosing what is chosen keeps it", async () => {
  const { user, field } = await open();
  await user.click(field);
  await user.click(await screen.findByRole("option", { name: "Farrukh Saleem" }));
  expect(field).toHaveValue("Farrukh Saleem");
});
