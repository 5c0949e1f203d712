// Who writes an announcement sees how it will look and how many it reaches, and never sends beyond their scope unawares.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { describe, expect, test, vi } from "vitest";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { AnnouncementForm } from "./AnnouncementForm";

const BATCHES = [
  { id: 3, name: "2031", program_name: "MBBS" },
  { id: 4, name: "2032", program_name: "MBBS" },
];
const ME = {
  permissions: ["announcement.send", "batch.view"],
  person: { id: 1, name: "Ruth" },
  institution: { id: 1, time_zone: "Asia/Karachi" },
};

function serve(preview: object = { body: { count: 62, sample: ["Sara", "Bilal"] } }) {
  return stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/") return { body: ME };
    if (pathname.endsWith("/preview-audience/")) return preview;
    if (method === "POST") return { status: 201, body: { id: 9 } };
    const one = BATCHES.find(({ id }) => pathname.endsWith(`/batches/${id}/`));
    if (one) return { body: one };
    return { body: { count: 2, results: pathname.endsWith("/batches/") ? BATCHES : [] } };
  });
}
async function open(onDone = vi.fn()) {
  await renderApp(() => (
    <Suspense fallback="">
      <AnnouncementForm onDone={onDone} />
    </Suspense>
  ));
  await screen.findByRole("button", { name: "Save the draft" });
  return onDone;
}
async function add(option: RegExp, place = 0) {
  await userEvent.click(screen.getAllByRole("combobox", { name: "Which one" })[place] as HTMLElement);
  await userEvent.click(await screen.findByRole("option", { name: option }));
}
const bodies = (seen: Request[], end: string) =>
  Promise.all(
    seen
      .filter(({ url, method }) => method === "POST" && url.endsWith(end))
      .map((each) => each.clone().json()),
  );

describe("the composer", () => {
  test("counts the audience as it is chosen and names some of it", async () => {
    const seen = serve();
    await open();
    expect(screen.getByText(/Choose for whom it is/)).toBeVisible();
    await add(/2031/);
    expect(await screen.findByText("62 people")).toBeVisible();
    expect(screen.getByText("Sara")).toBeVisible();
    expect(screen.getByText("and 60 more")).toBeVisible();
    const chosen = screen.getByRole("button", { name: "Take out" });
    expect(chosen).toHaveAccessibleDescription("Batch: 2031 · MBBS");
    expect(await bodies(seen, "/preview-audience/")).toEqual([{ audience: [["batch:3"]] }]);
  });

  test("keeps what belongs together apart from what is another alternative", async () => {
    const seen = serve();
    const onDone = await open();
    await userEvent.type(screen.getByRole("textbox", { name: /Title/ }), "Hall closed");
    await userEvent.type(screen.getByRole("textbox", { name: /Text/ }), "Use **Hall 2**.");
    expect(screen.getByText("Hall 2").tagName).toBe("STRONG");
    await add(/2031/);
    await userEvent.click(screen.getByRole("combobox", { name: "What to add" }));
    await userEvent.click(await screen.findByRole("option", { name: "Students who are" }));
    await add(/^Active/);
    await userEvent.click(screen.getByRole("button", { name: "Add an alternative" }));
    await add(/2032/, 1);
    await userEvent.click(screen.getByRole("button", { name: "Save the draft" }));
    await waitFor(() => expect(onDone).toHaveBeenCalled());
    expect(await bodies(seen, "/announcements/")).toEqual([
      {
        title: "Hall closed",
        body: "Use **Hall 2**.",
        category: "",
        priority: "normal",
        send_email: true,
        audience: [["batch:3", "status:active"], ["batch:4"]],
        publish_at: null,
        expires_at: null,
      },
    ]);
  });

  test("does not save for nobody", async () => {
    const seen = serve();
    await open();
    await userEvent.type(screen.getByRole("textbox", { name: /Title/ }), "Hall closed");
    await userEvent.type(screen.getByRole("textbox", { name: /Text/ }), "Now.");
    await userEvent.click(screen.getByRole("button", { name: "Save the draft" }));
    expect((await screen.findAllByText("Name somebody")).length).toBeGreaterThan(0);
    expect(await bodies(seen, "/announcements/")).toEqual([]);
  });

  test("names what is beyond the sender's scope", async () => {
    serve({ status: 403, body: { status: 403, code: "audience_out_of_scope", keys: ["batch:3"] } });
    await open();
    await add(/2031/);
    const refusal = await screen.findByRole("alert");
    expect(refusal).toHaveTextContent("These are not yours to reach:");
    expect(refusal).toHaveTextContent("Batch: 2031 · MBBS");
  });
});
