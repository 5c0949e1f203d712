// Where the focus stands when an act takes off the screen what it was done to, and with it the button that was pressed.
import { type RefObject, useLayoutEffect } from "react";

function around(element: HTMLElement | null): HTMLElement[] {
  return element ? [element, ...around(element.parentElement)] : [];
}

/** Gives the focus to what stood around a button that goes after an act, unless it is somewhere already. */
export function useKeptPlace(button: RefObject<HTMLElement | null>, hasActed: RefObject<boolean>): void {
  useLayoutEffect(() => {
    const pressed = button.current;
    return () => {
      if (!hasActed.current) return;
      const places = around(pressed);
      queueMicrotask(() => {
        const place = places.find((each) => each.isConnected);
        if (!place || place === document.body || document.activeElement !== document.body) return;
        if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
        place.focus({ preventScroll: true });
      });
    };
  }, [button, hasActed]);
}
