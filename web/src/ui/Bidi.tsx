import type { ReactNode } from "react";

/** A name in any script, kept from disturbing the direction of the text around it. */
export function Bidi({ children }: { children: ReactNode }) {
  return <bdi dir="auto">{children}</bdi>;
}
