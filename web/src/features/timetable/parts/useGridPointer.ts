// The mouse on the grid: sweeping over empty cells selects, dragging filled ones moves them, Alt copies.
import { type PointerEvent, useRef, useState } from "react";
import { type Shift, shiftOf } from "../grid/blocks";
import { type Axes, matrixOf, type Range, rangeOf } from "../grid/layout";
import type { Address, Sheet } from "../grid/sheet";
import { cellAt } from "../grid/sheet";

const THRESHOLD = 5;

type Press = {
  kind: "sweep" | "drag";
  at: Address;
  x: number;
  y: number;
  range: Range;
  isMoving: boolean;
  /** A press inside a selection keeps it until it is known to be a plain click. */
  wasInside: boolean;
};

type Options = {
  axes: Axes;
  draft: Sheet;
  selection: Range;
  selected: ReadonlySet<Address>;
  isEditable: boolean;
  onSelect: (to: Address, extend: boolean) => void;
  onMove: (shift: Shift, isCopy: boolean) => void;
};

function addressAt(target: EventTarget | null): Address | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-address]") : null;
  return (cell?.dataset.address as Address | undefined) ?? null;
}

function under(event: PointerEvent): Address | null {
  if (typeof document.elementFromPoint !== "function") return addressAt(event.target);
  return addressAt(document.elementFromPoint(event.clientX, event.clientY));
}

export function useGridPointer(options: Options) {
  const { axes, draft, selection, selected, isEditable, onSelect, onMove } = options;
  const press = useRef<Press | null>(null);
  const [shift, setShift] = useState<Shift | null>(null);

  const end = () => {
    press.current = null;
    setShift(null);
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const at = addressAt(event.target);
    if (!at || event.button !== 0 || event.pointerType === "touch") return;
    if (event.shiftKey) {
      event.preventDefault();
      onSelect(at, true);
      return;
    }
    const isFilled = cellAt(draft, at).status !== "empty";
    const wasInside = selected.has(at) && selected.size > 1;
    const kind = isEditable && (isFilled || wasInside) ? "drag" : "sweep";
    const range = kind === "drag" && wasInside ? selection : rangeOf(axes, at, at);
    press.current = { kind, at, x: event.clientX, y: event.clientY, range, isMoving: false, wasInside };
    if (!(kind === "drag" && wasInside)) onSelect(at, false);
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const held = press.current;
    if (!held) return;
    if (event.buttons === 0) return end();
    const distance = Math.hypot(event.clientX - held.x, event.clientY - held.y);
    if (!held.isMoving && distance < THRESHOLD) return;
    held.isMoving = true;
    const to = under(event);
    if (!to) return;
    if (held.kind === "sweep") onSelect(to, true);
    else setShift(shiftOf(axes, held.range, held.at, to));
  };

  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const held = press.current;
    if (!held) return;
    if (held.kind === "drag" && held.isMoving && shift) {
      const { range, target } = shift;
      if (range.top !== target.top || range.start !== target.start) onMove(shift, event.altKey);
    } else if (!held.isMoving && held.wasInside) onSelect(held.at, false);
    end();
  };

  const targets = new Set(shift ? matrixOf(axes, shift.target).flat() : []);
  return {
    targets: targets as ReadonlySet<Address>,
    isDragging: shift !== null,
    cancel: end,
    addressAt,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end },
  };
}
