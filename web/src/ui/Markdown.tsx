import { Fragment } from "react";
import classes from "./Markdown.module.css";
import { type Block, blocksOf, type Inline } from "./markdown";

/** A text with its marks, as elements of this client: no HTML of the text itself ever passes. */
export function Markdown({ children }: { children: string }) {
  return (
    <div className={classes.text}>
      {blocksOf(children).map((block, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text have no other identity
        <Part key={place} block={block} />
      ))}
    </div>
  );
}

function Part({ block }: { block: Block }) {
  if (block.kind === "paragraph") {
    return (
      <p dir="auto">
        {block.lines.map((line, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one paragraph have no other identity
          <Fragment key={place}>
            {place > 0 && <br />}
            <Words parts={line} />
          </Fragment>
        ))}
      </p>
    );
  }
  const items = block.items.map((item, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of one list have no other identity
    <li key={place}>
      <Words parts={item} />
    </li>
  ));
  return block.isOrdered ? (
    <ol dir="auto" start={block.start}>
      {items}
    </ol>
  ) : (
    <ul dir="auto">{items}</ul>
  );
}

function Words({ parts }: { parts: Inline[] }) {
  return parts.map((part, place) => {
    const key = `${place}${part.kind}`;
    if (part.kind === "text") return <Fragment key={key}>{part.text}</Fragment>;
    const words = <Words parts={part.parts} />;
    if (part.kind === "strong") return <strong key={key}>{words}</strong>;
    if (part.kind === "em") return <em key={key}>{words}</em>;
    return (
      <a key={key} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {words}
      </a>
    );
  });
}
