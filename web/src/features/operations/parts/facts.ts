// What a line of the platform's journal says beside changes: which rule fired, which set was restored, what failed.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { isolated } from "../../../i18n/isolated";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { type Line, useChangeWords } from "../../../ui/journalled";
import { PLATFORM_NOUNS } from "../queries";
import { inUnits } from "./bytes";

/** In the order of reading; anything else of a line is a change, or is not told. */
const FACTS = [
  "rule",
  "subject",
  "kind",
  "result",
  "outcome",
  "level",
  "message",
  "reason",
  "error",
  "value",
  "threshold",
  "set",
  "before",
  "build",
  "from",
  "to",
  "until",
  "count",
  "tables",
  "rows",
  "files",
  "bytes",
  "seconds",
  "steps",
  "failed",
  "differing",
  "findings",
  "mended",
  "not_checked",
  "sets",
  "entered",
  "dropped",
  "exit_code",
  "base_url",
];
/** Facts that are lists; any other pair is what a value was and is. */
const LISTS = new Set(["failed", "differing", "not_checked", "sets", "entered", "dropped", "steps"]);
const CODES: Record<string, string> = {
  level: "operations.level",
  outcome: "operations.outcome",
  "release.kind": "operations.deploymentKind",
  "release.result": "operations.verification",
  "integrity.result": "ui.status",
  "backup.reason": "operations.reason",
};
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

const isNothing = (value: unknown) =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value as object).length === 0);

/** `{rule: "cpu", value: 91}` of an alert reads "Rule: cpu" and "Value: 91", before what changed. */
export function useSaid(): (line: Line) => string[] {
  const { t } = useTranslation();
  const label = useLabel();
  const written = useFactWords();
  const changeWords = useChangeWords();
  return useCallback(
    (line) => {
      const [noun = ""] = line.kind.split(".");
      if (!(PLATFORM_NOUNS as readonly string[]).includes(noun)) return changeWords(line);
      const isFact = (name: string, value: unknown) =>
        FACTS.includes(name) && (LISTS.has(name) || !Array.isArray(value));
      const facts = FACTS.filter((name) => name in line.changes && isFact(name, line.changes[name]))
        .filter((name) => !isNothing(line.changes[name]) && line.changes[name] !== line.reason)
        .map((name) => {
          const value = written(noun, name, line.changes[name]);
          return t("ui.timeline.entered", { field: label("operations.fact", name), value });
        });
      const rest = Object.entries(line.changes).filter(([name, value]) => !isFact(name, value));
      return [...facts, ...changeWords({ ...line, changes: Object.fromEntries(rest) })];
    },
    [t, label, written, changeWords],
  );
}

function useFactWords(): (noun: string, name: string, value: unknown) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useCallback(
    (noun, name, value) => {
      const codes = CODES[`${noun}.${name}`] ?? CODES[name];
      const write = (each: unknown): string => {
        if (Array.isArray(each)) return each.map(write).join(t("ui.comma"));
        if (typeof each === "object" && each !== null)
          return Object.entries(each)
            .map(([key, part]) => `${isolated(key)} ${write(part)}`)
            .join(t("ui.comma"));
        if (typeof each === "number" && name === "bytes") {
          const { number, unit } = inUnits(each);
          return isolated(`${format.number(number)} ${unit}`);
        }
        if (typeof each === "number") return format.number(each);
        const text = String(each);
        if (codes) return label(codes, text);
        return isolated(MOMENT.test(text) ? format.dateTime(text) : text);
      };
      return write(value);
    },
    [t, label, format],
  );
}
