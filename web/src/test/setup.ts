import "@testing-library/jest-dom/vitest";
import { notifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import { startI18n, switchLanguage } from "../i18n/i18n";
import { endLeftovers } from "./leftovers";

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

// What a browser has and jsdom has not.
vi.stubGlobal("ResizeObserver", NoObserver);
vi.stubGlobal("matchMedia", (media: string) => ({
  matches: false,
  media,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
}));
Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;

// A busy two-core runner is slow, not wrong.
configure({ asyncUtilTimeout: 15_000 });

beforeAll(() => startI18n());
beforeEach(() => switchLanguage("en"));
// Files share one document and its stores.
afterEach(() => {
  cleanup();
  endLeftovers();
  notifications.clean();
  localStorage.clear();
  sessionStorage.clear();
});
