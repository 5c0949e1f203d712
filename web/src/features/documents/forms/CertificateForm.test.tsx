import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { CertificateForm } from "./CertificateForm";

const STUDENTS = {
  count: 1,
  next: null,
  previous: null,
  results: [{ id: 8, name: "Sara", reg_no: "P-0000" }],
};

const OWED = {
  code: "obligations_clear",
  label: "Every obligation that is due is handed in",
  detail: "Library book",
  severity: "warn",
  where: null,
};

function serve() {
  return stubServer(({ url, method }) => {
    if (method === "POST") return { status: 201, body: { id: 4, number: "DOC-2026-000001" } };
    return new URL(url).pathname.startsWith("/api/v1/academics/students/")
      ? { body: STUDENTS }
      : new URL(url).pathname.endsWith("/readiness/")
        ? { body: { name: "issue", label: "Issue", allowed: true, missing: [], warnings: [OWED] } }
        : { body: { permissions: ["document.issue"] } };
  });
}

test("a certificate is issued of a learner with what it says", async () => {
  const seen = serve();
  const onIssued = vi.fn();
  await renderApp(() => <CertificateForm onIssued={onIssued} />);
  await userEvent.click(await screen.findByRole("combobox", { name: /^Learner/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Sara · P-0000" }));
  expect(await screen.findByText("Library book")).toBeVisible();
  await userEvent.type(screen.getByLabelText(/What is certified/), "She led the debating society.");
  await userEvent.click(screen.getByRole("button", { name: "Issue it" }));
  await waitFor(() => expect(onIssued).toHaveBeenCalledWith(expect.objectContaining({ id: 4 })));
  expect(await seen.find(({ method }) => method === "POST")?.json()).toEqual({
    kind: "other",
    student_id: 8,
    purpose: "She led the debating society.",
    language: "en",
    email: null,
  });
});

test("without words of its own it is not sent", async () => {
  const seen = serve();
  await renderApp(() => <CertificateForm onIssued={vi.fn()} />);
  await userEvent.click(await screen.findByRole("button", { name: "Issue it" }));
  expect((await screen.findAllByText("Say what is certified.")).length).toBeGreaterThan(0);
  expect(seen.some(({ method }) => method === "POST")).toBe(false);
});
