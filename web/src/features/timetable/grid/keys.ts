// What a key means while the cursor stands on a cell.
import type { Step } from "./layout";

export type Keystroke = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
};

export type Command =
  | { type: "go"; step: Step; extend: boolean }
  | { type: "tab"; isBack: boolean }
  | { type: "edit"; seed: string }
  | { type: "clear" }
  | { type: "fill"; way: "right" | "down" }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "save" }
  | { type: "selectAll" }
  | { type: "escape" };

const STEPS: Record<string, Step> = {
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "home",
  End: "end",
  PageUp: "pageUp",
  PageDown: "pageDown",
};

function stepOf({ key, ctrlKey, metaKey }: Keystroke, isRtl: boolean): Step | null {
  const isFar = ctrlKey || metaKey;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const isAfter = (key === "ArrowRight") !== isRtl;
    if (isFar) return isAfter ? "end" : "home";
    return isAfter ? "after" : "before";
  }
  if (isFar && key === "Home") return "top";
  if (isFar && key === "End") return "bottom";
  return STEPS[key] ?? null;
}

const CHORDS: Record<string, (stroke: Keystroke) => Command> = {
  z: ({ shiftKey }) => ({ type: shiftKey ? "redo" : "undo" }),
  y: () => ({ type: "redo" }),
  s: () => ({ type: "save" }),
  r: () => ({ type: "fill", way: "right" }),
  d: () => ({ type: "fill", way: "down" }),
  a: () => ({ type: "selectAll" }),
};

const PLAIN: Record<string, Command> = {
  Enter: { type: "edit", seed: "" },
  F2: { type: "edit", seed: "" },
  " ": { type: "edit", seed: "" },
  Delete: { type: "clear" },
  Backspace: { type: "clear" },
  Escape: { type: "escape" },
};

export function commandOf(stroke: Keystroke, isRtl: boolean): Command | null {
  const step = stepOf(stroke, isRtl);
  if (step && !stroke.altKey) return { type: "go", step, extend: stroke.shiftKey };
  if (stroke.key === "Tab" && !stroke.ctrlKey) return { type: "tab", isBack: stroke.shiftKey };
  if ((stroke.ctrlKey || stroke.metaKey) && !stroke.altKey) {
    // Ctrl+Shift+R reloads the page and stays the browser's.
    if (stroke.shiftKey && stroke.key.toLowerCase() !== "z") return null;
    return CHORDS[stroke.key.toLowerCase()]?.(stroke) ?? null;
  }
  const plain = PLAIN[stroke.key];
  if (plain) return plain;
  // AltGr writes letters in many layouts, so a single letter counts whatever modifier made it.
  const isLetter = [...stroke.key].length === 1;
  return isLetter && !stroke.isComposing ? { type: "edit", seed: stroke.key } : null;
}
