// Whose language the screen takes when a reader comes: the account's, else the institution's.
import { beforeEach, describe, expect, test } from "vitest";
import { adoptLanguage, i18n, switchLanguage } from "./i18n";

const forget = () => localStorage.clear();

describe("the language of a reader", () => {
  beforeEach(forget);

  test("is the one that the account keeps, whatever this device remembers", async () => {
    await switchLanguage("en");
    await adoptLanguage("reader 1 of this file", "ur", "en");
    expect(i18n.language).toBe("ur");
    expect(document.documentElement).toMatchObject({ lang: "ur", dir: "rtl" });
  });

  test("is the institution's where none was ever chosen", async () => {
    await adoptLanguage("reader 2 of this file", null, "ur-PK");
    expect(i18n.language).toBe("ur");
  });

  test("is the one chosen on this device where the account keeps none", async () => {
    await switchLanguage("en");
    await adoptLanguage("reader 3 of this file", null, "ur-PK");
    expect(i18n.language).toBe("en");
  });

  test("is taken once, so that a choice made since then stays", async () => {
    await adoptLanguage("reader 4 of this file", "ur", "en");
    await switchLanguage("en");
    await adoptLanguage("reader 4 of this file", "ur", "en");
    expect(i18n.language).toBe("en");
  });

  test("is named to the server by the document from the first listener on", async () => {
    const heard: string[] = [];
    const listen = () => heard.push(document.documentElement.lang);
    i18n.on("languageChanged", listen);
    await switchLanguage("ur");
    i18n.off("languageChanged", listen);
    expect(heard).toEqual(["ur"]);
  });
});

describe("a value within a sentence", () => {
  test("keeps its own direction, where it may be another than the sentence's", async () => {
    await switchLanguage("en");
    expect(i18n.t("applications.approve.title", { name: "علی" })).toContain("\u2068علی\u2069");
    expect(i18n.t("applications.approve.title", { name: "Alice" })).not.toMatch(/\u2068/);
    await switchLanguage("ur");
    expect(i18n.t("applications.approve.title", { name: "Alice" })).toContain("\u2068Alice\u2069");
    expect(i18n.t("ui.table.range", { from: 1, to: 25, all: 240 })).not.toMatch(/\u2068/);
  });
});
