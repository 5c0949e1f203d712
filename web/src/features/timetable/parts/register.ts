import { can, type Me } from "../../../api/me";
import type { Session } from "../queries";

/** Whether a reader has the register of a session: who teaches it, and who sees those of others; never its students. */
export function hasRegisterFor(me: Me, session: Session): boolean {
  if (session.status === "cancelled" || !can(me, "attendance.view")) return false;
  const teaches = session.teachers.some(({ id }) => id === me.person?.id);
  return teaches || can(me, "attendance.repair", "journal.view", "week.view_drafts");
}
