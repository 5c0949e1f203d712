// The clipboard in two forms: whole cells for other weeks, and plain text for spreadsheets.
import type { Piece } from "./blocks";
import { type Content, EMPTY, type Names, patched } from "./sheet";

export const CELLS_TYPE = "application/x-maristan-cells";

export type Clip = { block: Content[][]; names: Partial<Names> };

function quoted(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Tab-separated lines as spreadsheets write them. */
export function toTsv(lines: string[][]): string {
  return lines.map((line) => line.map(quoted).join("\t")).join("\n");
}

/** Tab-separated lines as spreadsheets write them: quoted fields may hold tabs, quotes and line breaks. */
export function fromTsv(text: string): string[][] {
  const lines: string[][] = [[]];
  let field = "";
  let isQuoted = false;
  const close = () => {
    lines.at(-1)?.push(field.replace(/\s*[\r\n]+\s*/g, " ").trim());
    field = "";
  };
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let index = 0; index < source.length; index++) {
    const letter = source[index] ?? "";
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (source[index + 1] === '"') {
        field += '"';
        index++;
      } else isQuoted = false;
    } else if (letter === '"' && field === "") isQuoted = true;
    else if (letter === "\t") close();
    else if (letter === "\n") {
      close();
      lines.push([]);
    } else field += letter;
  }
  close();
  return lines;
}

export function topicsOf(text: string): Piece[][] {
  return fromTsv(text).map((line) => line.map((topic) => ({ topic })));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function contentFrom(value: unknown): Content {
  if (!isRecord(value)) return EMPTY;
  const known = Object.entries(EMPTY).map(([field, blank]) => {
    const given = value[field];
    const isFitting =
      blank === null ? given === null || Number.isInteger(given) : typeof given === typeof blank;
    return [field, isFitting ? given : blank];
  });
  const content = Object.fromEntries(known) as Content;
  return content.status === "empty" ? EMPTY : patched(content, {});
}

export function writeClip(clip: Clip): string {
  return JSON.stringify(clip);
}

/** The cells of another grid, or null for anything that is not such a clip. */
export function readClip(text: string): Clip | null {
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !Array.isArray(value.block)) return null;
    const block = value.block.map((line: unknown) => (Array.isArray(line) ? line.map(contentFrom) : []));
    return { block, names: isRecord(value.names) ? (value.names as Partial<Names>) : {} };
  } catch {
    return null;
  }
}
