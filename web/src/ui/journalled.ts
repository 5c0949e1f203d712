// What a line of the journal changed, in the reader's words: fields by their names, values as people read them.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { isolated } from "../i18n/isolated";
import { readable, useLabel } from "../i18n/label";
import { useFormat } from "./format";

export type Line = {
  id: number;
  kind: string;
  at: string;
  by_name: string;
  reason: string;
  changes: Record<string, unknown>;
};

/** Said by the line itself, or of no meaning to a reader. */
const SAID_BY_THE_LINE = new Set([
  "id",
  "version",
  "roster_version",
  "is_internal",
  "decided_at",
  "decided_by",
  "resolved_at",
  "submitted_at",
  "email_verified_at",
  "verified_at",
  "verified_by",
]);
/** Where the words of a code are: by its field, or by the noun of the line and its field. */
const CODES: Record<string, string> = {
  status: "ui.status",
  "backup.status": "operations.setStatus",
  "maintenance.level": "operations.level",
  gender: "application.choice.gender",
  guardian_relation: "application.choice.guardian_relation",
  last_qualification: "application.choice.last_qualification",
  priority: "ui.priority",
  purpose: "administration.purpose",
  role: "app.roles",
  scope: "directory.scope",
  "address.kind": "person.addressKind",
  "identity_document.kind": "person.documentKind",
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
/** A reach is journalled as `department:3`. */
const OF_ONE = /:\d+$/;
/** A file is journalled by the start of its SHA-256. */
const DIGEST = /^[0-9a-f]{12}$/;

const REFERENCES = new Set(["batch", "group", "program", "section", "student", "intake", "person"]);
const COUNTS = new Set(["memberships_ended", "sessions_ended"]);

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
const isFile = (value: unknown) => typeof value === "string" && DIGEST.test(value);
/** A reference is journalled by the id of what it names. */
const isReference = (field: string, value: unknown) =>
  typeof value === "number" && (field.endsWith("_id") || REFERENCES.has(field));

type Told = { named: string; words: string | null };

/** `{status: ["active", "suspended"]}` reads "Status: Active → Suspended"; what has no value to show is only named. */
export function useChangeWords(): (line: Line) => string[] {
  const { t } = useTranslation();
  const tell = useTell();
  return useCallback(
    (line) => {
      const told = Object.entries(line.changes).flatMap(([field, change]) => tell(line, field, change) ?? []);
      const named = told.filter(({ words }) => words === null).map((each) => each.named);
      const lines = told.flatMap(({ words }) => words ?? []);
      return named.length > 0
        ? [...lines, t("ui.timeline.named", { fields: named.join(t("ui.comma")) })]
        : lines;
    },
    [t, tell],
  );
}

/** One field of a line, or nothing where the line says it by itself. */
function useTell(): (line: Line, field: string, change: unknown) => Told | null {
  const { t } = useTranslation();
  const fieldName = useFieldName();
  const written = useWritten();
  return useCallback(
    (line, field, change) => {
      if (COUNTS.has(field) && change) {
        const named = fieldName("", field);
        return { named, words: t("ui.timeline.entered", { field: named, value: change }) };
      }
      if (!Array.isArray(change) || change.length !== 2 || SAID_BY_THE_LINE.has(bare(field))) return null;
      const [before, after] = change as [unknown, unknown];
      const noun = line.kind.split(".")[0] ?? "";
      const named = fieldName(noun, field);
      if (isFile(before) || isFile(after) || (isEmpty(before) && isEmpty(after)))
        return { named, words: null };
      if (isReference(field, before) || isReference(field, after))
        return isEmpty(before) || before === after ? null : { named, words: null };
      if (after === line.reason) return null;
      const [old, now] = [written(noun, field, before), written(noun, field, after)];
      const isEntered = isEmpty(before) || old === now;
      const words = isEntered
        ? t("ui.timeline.entered", { field: named, value: now })
        : t("ui.timeline.changed", { field: named, before: old, after: now });
      return { named, words };
    },
    [t, fieldName, written],
  );
}

const bare = (field: string) => field.replace(/_id$/, "");

/** `phone is_primary` is the field of a contact of that kind; papers and forms of applicants have names of their own. */
function useFieldName(): (noun: string, field: string) => string {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  return useCallback(
    (noun, field) => {
      const [kind, of] = field.split(" ");
      if (kind && of)
        return t("ui.timeline.of", { kind: label("ui.field", kind), field: label("ui.field", of) });
      const known = (key: string) => typeof i18n.getResource("en", "translation", key) === "string";
      const name = known(`ui.field.${field}`) ? field : bare(field);
      if (noun === "application" && known(`application.fields.${name}`))
        return label("application.fields", name);
      if (noun === "application" && known(`application.paper.${name}`))
        return label("application.paper", name);
      return label("ui.field", name);
    },
    [t, i18n, label],
  );
}

function useWritten(): (noun: string, field: string, value: unknown) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useCallback(
    (noun, field, value) => {
      const write = (each: unknown): string => {
        if (isEmpty(each)) return "–";
        if (Array.isArray(each)) return each.length === 0 ? "–" : each.map(write).join(t("ui.comma"));
        if (typeof each === "boolean") return each ? t("ui.yes") : t("ui.no");
        if (typeof each === "object")
          return Object.entries(each as object)
            .map(([key, part]) => `${readable(key)} ${write(part)}`)
            .join(t("ui.comma"));
        const text = String(each);
        const codes = CODES[`${noun}.${field}`] ?? CODES[field];
        if (codes) return label(codes, text.replace(OF_ONE, ""));
        if (DAY.test(text)) return isolated(format.date(text));
        return isolated(MOMENT.test(text) ? format.dateTime(text) : text);
      };
      return write(value);
    },
    [t, label, format],
  );
}
