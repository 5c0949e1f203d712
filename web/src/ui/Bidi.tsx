import type { ReactNode } from "react";

/** A name in any script, kept from disturbing the direction of the text around it. */
export function Bidi({ children }: { children: ReactNode }) {
  // The span keeps the alignment of the page where a grid or flex box would align by the name's own direction.
  return (
    <span>
      <bdi dir="auto">{children}</bdi>
    </span>
  );
}
