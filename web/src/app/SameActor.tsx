import { useEffect, useRef } from "react";
import { useMe } from "../api/me";
import { startAfresh } from "./afresh";

/** A screen belongs to who opened it: acting as somebody that ended by time or in another tab leaves nothing behind. */
export function SameActor() {
  const { user, institution, impersonation } = useMe();
  const actor = [user.id, institution?.id, Boolean(impersonation)].join();
  const opened = useRef(actor);
  useEffect(() => {
    if (actor === opened.current) return;
    opened.current = actor;
    startAfresh("/");
  }, [actor]);
  return null;
}
