import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { describe, expect, test, vi } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { AskForm } from "./AskForm";

const type = (id: number, name: string, requires_attachment: boolean) => ({
  id,
  name,
  requires_attachment,
  is_active: true,
  code: name.toLowerCase(),
  handler_role: "registrar",
});
const OWED = {
  code: "obligations_clear",
  label: "Nothing is owed",
  detail: "Library book",
  severity: "warn",
  where: null,
};
const READY = { name: "submit", label: "Hand in", allowed: true, missing: [], warnings: [OWED] };
const TYPES = [type(1, "Letter", false), type(2, "Correction", true)];
const paths = (seen: Request[]) =>
  seen.filter(({ method }) => method === "POST").map(({ url }) => new URL(url).pathname);

function serve(permissions: string[], upload: { status: number; body: unknown }) {
  return stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/") return { body: { permissions, person: { id: 3, name: "Sara" } } };
    if (pathname.endsWith("/request-types/")) return { body: { count: 2, results: TYPES } };
    if (pathname.endsWith("/requests/attachments/")) return upload;
    if (pathname.endsWith("/requests/readiness/")) return { body: READY };
    if (method === "POST") return { status: 201, body: { id: 9 } };
    return { body: { count: 0, results: [] } };
  });
}

async function open(onDone = vi.fn()) {
  await renderApp(() => (
    <Suspense fallback="">
      <AskForm onDone={onDone} />
    </Suspense>
  ));
  await screen.findByRole("button", { name: "Hand in" });
}

async function choose(name: string) {
  await userEvent.click(screen.getByRole("combobox", { name: /Type/ }));
  await userEvent.click(await screen.findByRole("option", { name }));
}

const picker = () => document.querySelector("input[type=file]") as HTMLInputElement;
const paper = (name: string) => new File(["%PDF-"], name, { type: "application/pdf" });

describe("a new request", () => {
  test("of a type that demands a paper waits for it, and names what was uploaded", async () => {
    const kept = [{ id: 41, name: "cnic.pdf", content_type: "application/pdf", size: 5 }];
    const seen = serve(["request.create", "enrollment.self"], { status: 201, body: kept });
    const onDone = vi.fn();
    await open(onDone);
    expect(screen.queryByRole("combobox", { name: /Student/ })).not.toBeInTheDocument();
    await choose("Correction");
    await userEvent.type(screen.getByRole("textbox", { name: /Subject/ }), "My name");
    await userEvent.click(screen.getByRole("button", { name: "Hand in" }));
    expect((await screen.findAllByText("A request of this type needs a paper")).length).toBeGreaterThan(0);
    expect(paths(seen)).toEqual([]);
    await userEvent.upload(picker(), paper("cnic.pdf"));
    expect(await screen.findByText("cnic.pdf")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Hand in" }));
    await waitFor(() => expect(onDone).toHaveBeenCalled());
    expect(paths(seen)).toEqual(["/api/v1/academics/requests/attachments/", "/api/v1/academics/requests/"]);
    const sent = seen.filter(({ method }) => method === "POST")[1];
    expect(await sent?.json()).toEqual({
      type: 2,
      title: "My name",
      description: "",
      priority: "medium",
      student: null,
      attachments: [41],
    });
  });

  test("says at once what is no document, and of which file", async () => {
    const errors = [{ pointer: "/file", code: "file_type", detail: "" }];
    serve(["request.create"], { status: 422, body: { code: "file_type", status: 422, errors } });
    await open();
    await userEvent.upload(picker(), paper("virus.pdf"));
    expect(await screen.findByRole("alert")).toHaveTextContent("virus.pdf: The file is of another kind");
  });

  test("names a student where staff ask", async () => {
    serve(["request.create", "student.view"], { status: 201, body: [] });
    await open();
    expect(await screen.findByRole("combobox", { name: /Student/ })).toBeVisible();
  });

  test("says what the student owes as soon as the type is known", async () => {
    serve(["request.create", "student.view"], { status: 201, body: [] });
    await open();
    expect(screen.queryByText("Library book")).not.toBeInTheDocument();
    await choose("Letter");
    expect(await screen.findByText("Library book")).toBeVisible();
    expect(screen.getByRole("button", { name: "Hand in" })).toBeEnabled();
  });
});
