// Forty broken rules of one kind read as one line.
import { type Missing, missingFrom } from "../../../api/problem";

const DETAILS_SHOWN = 3;

export function grouped(items: Missing[]): Missing[] {
  const kinds = new Map<string, Missing[]>();
  for (const item of items) {
    const key = `${item.severity}${item.code}`;
    kinds.set(key, [...(kinds.get(key) ?? []), item]);
  }
  return [...kinds.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    if (group.length === 1) return [first];
    const details = [...new Set(group.map((item) => item.detail).filter(Boolean))];
    const rest = details.length > DETAILS_SHOWN ? " …" : "";
    return [
      {
        ...first,
        label: `${first.label} × ${group.length}`,
        detail: details.slice(0, DETAILS_SHOWN).join("; ") + rest,
      },
    ];
  });
}

/** Requirements as the server sends them inside an answer. */
export function missingOf(raw: readonly object[] | undefined): Missing[] {
  return (raw ?? []).map((each) => missingFrom({ ...each }));
}
