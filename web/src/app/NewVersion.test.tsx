// A page that is older than the server says so, and stays usable until it is reloaded.
import { act, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { forgetBuilds, noteBuild, watchParts } from "../api/builds";
import { renderApp } from "../test/render";
import { NewVersion } from "./NewVersion";

const answered = (build: string) => new Response(null, { headers: { "X-Maristan-Build": build } });
afterEach(forgetBuilds);

test("the same build asks for nothing, another one for a reload", async () => {
  await renderApp(() => <NewVersion />);
  act(() => noteBuild(answered("aaaaaaaaaaaa")));
  act(() => noteBuild(answered("aaaaaaaaaaaa")));
  act(() => noteBuild(new Response(null)));
  expect(screen.queryByRole("status")).not.toBeInTheDocument();
  act(() => noteBuild(answered("bbbbbbbbbbbb")));
  expect(screen.getByRole("status")).toHaveTextContent("A new version is available.");
  expect(screen.getByRole("button", { name: "Reload" })).toBeVisible();
});

test("a part that is gone asks for a reload too", async () => {
  watchParts();
  await renderApp(() => <NewVersion />);
  act(() => void window.dispatchEvent(new Event("vite:preloadError")));
  expect(screen.getByRole("status")).toHaveTextContent("A new version is available.");
});
