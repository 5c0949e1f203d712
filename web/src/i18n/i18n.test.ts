// Both languages have the same keys; every key is used, and every used key exists.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { texts as en } from "./languages/en";
import { texts as ur } from "./languages/ur";

const SOURCE = join(import.meta.dirname, "..");

function flat(tree: Record<string, unknown>, prefix = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const path = prefix + key;
    return typeof value === "string" ? [[path, value]] : flat(value as Record<string, unknown>, `${path}.`);
  });
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

const english = new Map(flat(en));
const urdu = new Map(flat(ur));
const code = sources(SOURCE).join("\n");
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const keys = new Set([...english.keys()].map(withoutPlural));

/** `t("home.title")` */
const called = new Set([...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, key]) => key ?? ""));
/** t(`app.nav.items.${key}`) and label("ui.status", value) use everything below their prefix. */
const prefixes = [
  ...[...code.matchAll(/\bt\(\s*`([^`$]+)\.\$\{/g)].map(([, prefix]) => prefix ?? ""),
  ...[...code.matchAll(/\blabel(?:Of)?\(\s*"([^"]+)"/g)].map(([, prefix]) => prefix ?? ""),
];
const isUsed = (key: string) => called.has(key) || prefixes.some((prefix) => key.startsWith(`${prefix}.`));
const placeholders = (text: string | undefined) =>
  [...(text ?? "").matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);

describe("the texts", () => {
  test("are there to be read", () => {
    expect(english.size).toBeGreaterThan(100);
    expect(called.size).toBeGreaterThan(50);
  });

  test("have the same keys in both languages", () => {
    expect([...urdu.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test("have the same placeholders in both languages", () => {
    for (const [key, text] of english) {
      expect([key, placeholders(urdu.get(key)).sort()]).toEqual([key, placeholders(text).sort()]);
    }
  });

  test("are all used", () => {
    expect([...keys].filter((key) => !isUsed(key))).toEqual([]);
  });

  test("exist wherever one is asked for", () => {
    expect([...called].filter((key) => !keys.has(key))).toEqual([]);
    const isEmpty = (prefix: string) => ![...keys].some((key) => key.startsWith(`${prefix}.`));
    expect(prefixes.filter(isEmpty)).toEqual([]);
  });

  test("are never empty", () => {
    expect([...english, ...urdu].filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});
