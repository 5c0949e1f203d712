const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrom(?:e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

const named = (known: [RegExp, string][], agent: string) => known.find(([mark]) => mark.test(agent))?.[1];

/** What a browser says of itself, in two words; nothing where it says nothing known. */
export function deviceOf(agent: string): string {
  return [named(BROWSERS, agent), named(SYSTEMS, agent)].filter(Boolean).join(", ");
}
