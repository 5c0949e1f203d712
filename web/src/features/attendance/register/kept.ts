// Taps outlive a reload, a closed phone and a lost network: one note per register and user on the device.
import { type Marking, NOTHING } from "./marking";

const keyOf = (user: number, session: number) => `maristan.register.${user}.${session}`;

export function keep(user: number, session: number, state: Marking): void {
  try {
    if (state === NOTHING || isEmpty(state)) localStorage.removeItem(keyOf(user, session));
    else localStorage.setItem(keyOf(user, session), JSON.stringify(state));
  } catch {
    // A full or forbidden storage costs the safety net, not the taps on the screen.
  }
}

const isEmpty = ({ taps, rest, batch, clashes }: Marking) =>
  !rest && batch === null && Object.keys(taps).length === 0 && Object.keys(clashes).length === 0;

export function recall(user: number, session: number): Marking {
  try {
    const text = localStorage.getItem(keyOf(user, session));
    const value = text ? (JSON.parse(text) as Partial<Marking>) : null;
    const isWhole = value?.taps && value.clashes && value.batch !== undefined;
    return isWhole ? (value as Marking) : NOTHING;
  } catch {
    return NOTHING;
  }
}
