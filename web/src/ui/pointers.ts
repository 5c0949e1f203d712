import type { FieldFault } from "../api/problem";

/** `/contacts/0/value` is the form path `contacts.0.value` (RFC 6901 escapes undone). */
export function pathOf(pointer: string): string {
  return pointer
    .replace(/^\//, "")
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

export type PlacedFaults = {
  /** By form path, to stand at the field. */
  fields: Record<string, string>;
  /** Faults of no field of this form; they stand in the summary. */
  rest: FieldFault[];
};

/** `renamed` leads a pointer of the API to a field of another name. */
export function placeFaults(
  faults: FieldFault[],
  values: Record<string, unknown>,
  renamed: Record<string, string> = {},
  wordsOf: (fault: FieldFault) => string = (fault) => fault.detail,
): PlacedFaults {
  const placed: PlacedFaults = { fields: {}, rest: [] };
  for (const fault of faults) {
    const path = renamed[fault.pointer] ?? pathOf(fault.pointer);
    const [root = ""] = path.split(".");
    if (root in values) placed.fields[path] ??= wordsOf(fault);
    else placed.rest.push(fault);
  }
  return placed;
}
