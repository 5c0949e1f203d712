// What the server says in English is said in the reader's language by its code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { Problem } from "../api/problem";
import { renderApp } from "../test/render";
import { ErrorPanel } from "../ui/ErrorPanel";
import { switchLanguage } from "./i18n";
import { texts as en } from "./languages/en";
import { texts as ur } from "./languages/ur";

type Texts = { move: Record<string, string>; status: Record<string, string> };

const STATES = join(import.meta.dirname, "../../../docs/generated/states.md");
const tables = readFileSync(STATES, "utf8").matchAll(/^\| (\w+) \| ([\w, ]+) \| (\w+) \|/gm);
const MESSAGES = join(import.meta.dirname, "../../../docs/generated/messages.md");
const messages = [...readFileSync(MESSAGES, "utf8").matchAll(/^\| `([\w.]+)` \|/gm)].map(
  ([, kind]) => kind ?? "",
);
const transitions = [...tables].filter(([, move]) => move !== "move");

describe("every move and every state of the server's workflows", () => {
  test.each([
    ["English", en],
    ["Urdu", ur],
  ])("has a word in %s", (_language, texts) => {
    const { move, status } = texts.ui as Texts;
    const moves = transitions.map(([, name]) => name ?? "");
    const states = transitions.flatMap(([, , from, to]) => [...(from ?? "").split(", "), to ?? ""]);
    expect(moves.length).toBeGreaterThan(10);
    expect([...new Set(moves)].filter((name) => !(name in move))).toEqual([]);
    expect([...new Set(states)].filter((name) => !(name in status))).toEqual([]);
  });
});

describe("every kind of item that waits in the inbox", () => {
  test.each([
    ["English", en],
    ["Urdu", ur],
  ])("has a word in %s", (_language, texts) => {
    const { kind } = texts.inbox as { kind: Record<string, string> };
    const items = messages.filter((each) => !each.includes("."));
    expect(items.length).toBeGreaterThan(5);
    expect(Object.keys(kind).sort()).toEqual(items.sort());
  });
});

const refusal = (code: string, detail = "capacity: 40; size: 50") =>
  new Problem({
    status: 409,
    code: "not_now",
    title: "Conflict",
    detail: "The room is too small",
    missing: [
      {
        code,
        label: "The room is too small",
        detail,
        severity: "block",
        where: { capacity: 40, size: 50 },
      },
    ],
  });

describe("a requirement", () => {
  test("keeps the server's words for an English reader", async () => {
    await renderApp(() => <ErrorPanel error={refusal("room_too_small")} />);
    expect(screen.getByText("The room is too small")).toBeInTheDocument();
    expect(screen.getByText("capacity: 40; size: 50")).toBeInTheDocument();
  });

  test("is said in Urdu with the server's figures", async () => {
    await switchLanguage("ur");
    await renderApp(() => <ErrorPanel error={refusal("room_too_small", "نشستیں: 40؛ طلبہ: 50")} />);
    expect(screen.getByText("کمرہ چھوٹا ہے")).toBeInTheDocument();
    expect(screen.getByText("نشستیں: 40؛ طلبہ: 50")).toBeInTheDocument();
    expect(screen.queryByText("The room is too small")).toBeNull();
  });

  test("of another state is not said twice, nor in English", async () => {
    await switchLanguage("ur");
    await renderApp(() => <ErrorPanel error={refusal("wrong_status", "It is draft.")} />);
    expect(screen.queryByText(/It is draft/)).toBeNull();
  });

  test("of an unknown code keeps the server's words rather than none", async () => {
    await switchLanguage("ur");
    await renderApp(() => <ErrorPanel error={refusal("a_rule_of_tomorrow")} />);
    expect(screen.getByText("The room is too small")).toBeInTheDocument();
  });
});
