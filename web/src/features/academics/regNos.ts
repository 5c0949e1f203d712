// Registration numbers out of whatever was pasted: one to a line, a column of a sheet, or a list with commas.

export const LONGEST = 32;
/** How many the server takes in one request. */
export const AT_ONCE = 1000;

export type Pasted = {
  regNos: string[];
  /** Written more than once; each is asked for once. */
  repeated: string[];
  /** Too long to be a registration number. */
  tooLong: string[];
};

const HEADERS = new Set(["reg_no", "reg no", "regno", "registration no", "registration number"]);

/** A line with tabs is a row of a sheet, whose first cell counts; otherwise commas and semicolons part. */
function cellsOf(line: string): string[] {
  if (line.includes("\t")) return [line.split("\t").find((cell) => cell.trim()) ?? ""];
  return line.split(/[,;،؛]/);
}

export function parseRegNos(text: string): Pasted {
  const found = text
    .normalize("NFC")
    .split(/\r\n|\r|\n/)
    .flatMap(cellsOf)
    .map((cell) => cell.trim().replace(/^["']|["']$/g, ""))
    .filter((cell) => cell && !HEADERS.has(cell.toLowerCase()));
  const seen = new Set<string>();
  const pasted: Pasted = { regNos: [], repeated: [], tooLong: [] };
  for (const regNo of found) {
    const key = regNo.toLowerCase();
    if (regNo.length > LONGEST) pasted.tooLong.push(regNo);
    else if (seen.has(key)) pasted.repeated.push(regNo);
    else pasted.regNos.push(regNo);
    seen.add(key);
  }
  return pasted;
}

export function inParts<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
