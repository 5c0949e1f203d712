import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { switchLanguage } from "../../../i18n/i18n";
import { renderApp } from "../../../test/render";
import { stubServer } from "../../../test/server";
import { AcceptView } from "./AcceptView";

type Answer = { status?: number; body?: unknown };
type Server = { welcome?: Answer; accept?: Answer; signedIn?: string };

const WELCOME = { institution: "Farabi University", username: "omar.b31", purpose: "join" };

function serve({ welcome = { body: WELCOME }, accept, signedIn }: Server = {}) {
  return stubServer(({ url, method }) => {
    const { pathname } = new URL(url);
    if (pathname === "/api/v1/me/") {
      return signedIn
        ? { body: { user: { username: signedIn } } }
        : { status: 401, body: { status: 401, code: "not_signed_in" } };
    }
    if (pathname.endsWith("/accept/") && method === "POST") {
      return accept ?? { body: { institution: WELCOME.institution, username: "omar.b31" } };
    }
    if (pathname.includes("/accept/")) return welcome;
    return { body: {} };
  });
}

const onEnter = vi.fn();
const show = () => renderApp(() => <AcceptView token="tok" onEnter={onEnter} />);
const posted = (seen: Request[]) =>
  seen.find(({ url, method }) => method === "POST" && url.endsWith("/accept/"));
const password = () => screen.getByLabelText(/^Password/);

describe("the page of an invitation", () => {
  test("opens an account with the proposed username and a password, and leads in", async () => {
    const seen = serve();
    onEnter.mockClear();
    await show();
    expect(await screen.findByRole("heading", { name: "Farabi University" })).toBeInTheDocument();
    expect(screen.getByLabelText(/^Username/)).toHaveValue("omar.b31");
    await userEvent.type(password(), "correct horse battery");
    await userEvent.click(screen.getByRole("button", { name: "Open my account" }));
    await waitFor(() => expect(onEnter).toHaveBeenCalledOnce());
    expect(await posted(seen)?.json()).toEqual({
      token: "tok",
      username: "omar.b31",
      password: "correct horse battery",
    });
  });

  test("shows what is wrong with username and password at their fields", async () => {
    serve({
      accept: {
        status: 422,
        body: {
          status: 422,
          code: "invalid",
          errors: [
            {
              pointer: "/username",
              code: "username_taken",
              detail: "Somebody has this username; choose another.",
            },
            { pointer: "/password", code: "password_too_common", detail: "This password is too common." },
          ],
        },
      },
    });
    await show();
    await userEvent.type(await screen.findByLabelText(/^Password/), "password");
    await userEvent.click(screen.getByRole("button", { name: "Open my account" }));
    expect(await screen.findByText("2 entries need your attention")).toBeInTheDocument();
    expect(screen.getByLabelText(/^Username/)).toBeInvalid();
    expect(password()).toHaveAccessibleDescription(/too common/);
  });

  test.each([404, 410])("answers a link that is %s with the same calm page", async (status) => {
    serve({ welcome: { status, body: { status, code: "x" } } });
    await show();
    expect(
      await screen.findByRole("heading", { name: "This link can no longer be used" }),
    ).toBeInTheDocument();
    expect(screen.queryByText("Farabi University")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Open my account" })).not.toBeInTheDocument();
  });

  test("that was used in the meantime becomes the calm page as well", async () => {
    serve({ accept: { status: 410, body: { status: 410, code: "invitation_spent" } } });
    await show();
    await userEvent.type(await screen.findByLabelText(/^Password/), "correct horse battery");
    await userEvent.click(screen.getByRole("button", { name: "Open my account" }));
    expect(
      await screen.findByRole("heading", { name: "This link can no longer be used" }),
    ).toBeInTheDocument();
  });

  test("sends somebody who has an account to the sign-in and back", async () => {
    serve({
      accept: { status: 409, body: { status: 409, code: "sign_in_first", detail: "Sign in first." } },
    });
    await show();
    await userEvent.type(await screen.findByLabelText(/^Password/), "correct horse battery");
    await userEvent.click(screen.getByRole("button", { name: "Open my account" }));
    expect(await screen.findByRole("link", { name: "Go to the sign-in" })).toHaveAttribute(
      "href",
      "/sign-in?next=%2Finvitation%2Ftok",
    );
  });

  test("lets somebody who is signed in join with that account, by the link alone", async () => {
    const seen = serve({ signedIn: "zara" });
    onEnter.mockClear();
    await show();
    await userEvent.click(await screen.findByRole("button", { name: "Join with this account" }));
    await waitFor(() => expect(onEnter).toHaveBeenCalledOnce());
    expect(await posted(seen)?.json()).toEqual({ token: "tok" });
  });

  test("of a new password asks for nothing else", async () => {
    const seen = serve({ welcome: { body: { ...WELCOME, purpose: "reset" } } });
    await show();
    expect(await screen.findByLabelText(/^Username/)).toHaveAttribute("readonly");
    await userEvent.type(password(), "correct horse battery");
    await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
    await waitFor(() => expect(posted(seen)).toBeDefined());
    expect(await posted(seen)?.json()).toEqual({ token: "tok", password: "correct horse battery" });
  });

  test("speaks Urdu", async () => {
    await switchLanguage("ur");
    serve();
    await show();
    expect(await screen.findByRole("button", { name: "میرا اکاؤنٹ کھولیں" })).toBeInTheDocument();
    expect(document.documentElement.dir).toBe("rtl");
  });
});
