// The marks that an announcement may carry: paragraphs, lists, bold, italic and links to the web. Everything else is text.

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong"; parts: Inline[] }
  | { kind: "em"; parts: Inline[] }
  | { kind: "link"; href: string; parts: Inline[] };
export type Block =
  | { kind: "paragraph"; lines: Inline[][] }
  | { kind: "list"; isOrdered: boolean; start: number; items: Inline[][] };

const DEEPEST = 4;
const ITEM = /^\s*(?:[-*•]|(\p{Nd}{1,3})[.)])\s+(\S.*)$/u;
const MARKS = new RegExp(
  [
    String.raw`\\(?<literal>[\\*_[\]()])`,
    String.raw`\*\*(?=\S)(?<strong>.+?)(?<=\S)\*\*(?!\*)`,
    String.raw`\*(?=[^\s*])(?<star>[^*]*[^\s*])\*`,
    String.raw`(?<![\p{L}\p{N}_])_(?=[^\s_])(?<bar>[^_]*[^\s_])_(?![\p{L}\p{N}_])`,
    String.raw`\[(?<words>[^[\]]+)\]\((?<href>https?:\/\/[^\s()<>"]+)\)`,
    String.raw`(?<bare>https?:\/\/[^\s<>"()]*[^\s<>"().,;:!?'*_،۔؟])`,
  ].join("|"),
  "gu",
);

function inline(text: string, depth = 0, isInLink = false): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  const plain = (words: string) => {
    const last = parts.at(-1);
    if (last?.kind === "text") last.text += words;
    else if (words) parts.push({ kind: "text", text: words });
  };
  const within = (words: string, isLink = isInLink) =>
    depth < DEEPEST ? inline(words, depth + 1, isLink) : [{ kind: "text" as const, text: words }];
  for (const match of text.matchAll(MARKS)) {
    const { literal, strong, star, bar, words, href, bare } = match.groups ?? {};
    plain(text.slice(from, match.index));
    from = match.index + match[0].length;
    const slanted = star ?? bar;
    if (literal) plain(literal);
    else if (strong) parts.push({ kind: "strong", parts: within(strong) });
    else if (slanted) parts.push({ kind: "em", parts: within(slanted) });
    else if (isInLink) plain(words ?? match[0]);
    else if (words && href) parts.push({ kind: "link", href, parts: within(words, true) });
    else if (bare) parts.push({ kind: "link", href: bare, parts: [{ kind: "text", text: bare }] });
  }
  plain(text.slice(from));
  return parts;
}

/** The blocks of a text, in order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const last = isOpen ? blocks.at(-1) : undefined;
    const [, number, item] = ITEM.exec(line) ?? [];
    isOpen = line.trim() !== "";
    if (item) {
      const isOrdered = number !== undefined;
      if (last?.kind === "list" && last.isOrdered === isOrdered) last.items.push(inline(item));
      else blocks.push({ kind: "list", isOrdered, start: Number(number) || 1, items: [inline(item)] });
    } else if (isOpen && last?.kind === "paragraph") last.lines.push(inline(line.trim()));
    else if (isOpen) blocks.push({ kind: "paragraph", lines: [inline(line.trim())] });
  }
  return blocks;
}

const wordsOf = (parts: Inline[]): string =>
  parts.map((part) => (part.kind === "text" ? part.text : wordsOf(part.parts))).join("");

/** The words without their marks, on one line. */
export function plainOf(text: string): string {
  return blocksOf(text)
    .flatMap((block) => (block.kind === "list" ? block.items : block.lines))
    .map(wordsOf)
    .join(" ");
}
