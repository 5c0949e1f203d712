// Inviting many people in rounds, keeping what became of each.
import { asProblem } from "../../api/problem";
import { everyRow, INVITATIONS, type Invitation, MOST, PEOPLE, STUDENTS, send, sendMany } from "./queries";

export type Audience = "students" | "faculty";
export type Invitee = { person: number; name: string; about: string };
export type Slip = Invitee & { link: string; expires_at: string };
export type Outcome =
  | { kind: "slip"; slip: Slip }
  | { kind: "mailed"; invitee: Invitee; email: string }
  | { kind: "refused"; invitee: Invitee; code: string; detail: string };

type StudentRow = { person: number; name: string; reg_no: string; group_name: string };
type PersonRow = {
  id: number;
  name: string;
  has_live_invitation: boolean;
  roles: { scope_name: string }[];
};
type Found = Invitee & { isInvited: boolean };

/** Who could be invited; a live invitation counts as invited already. */
export async function invitees(
  audience: Audience,
  filters: Record<string, string | undefined>,
): Promise<{ people: Invitee[]; invitedAlready: number }> {
  const found = await (audience === "students" ? students(filters) : teachers(filters));
  const people = found.flatMap(({ isInvited, ...invitee }) => (isInvited ? [] : [invitee]));
  return { people, invitedAlready: found.length - people.length };
}

async function students(filters: Record<string, string | undefined>): Promise<Found[]> {
  const [rows, live] = await Promise.all([
    everyRow<StudentRow>(STUDENTS, { ...filters, status: "active", has_account: false }),
    livePersons(),
  ]);
  return rows.map(({ person, name, reg_no, group_name }) => ({
    person,
    name,
    about: `${reg_no} · ${group_name}`,
    isInvited: live.has(person),
  }));
}

async function teachers(filters: Record<string, string | undefined>): Promise<Found[]> {
  const mine = { role: "faculty", is_active: true, has_account: false };
  const rows = await everyRow<PersonRow>(PEOPLE, { ...filters, ...mine });
  return rows.map(({ id, name, roles, has_live_invitation }) => ({
    person: id,
    name,
    about: roles
      .map(({ scope_name }) => scope_name)
      .filter(Boolean)
      .join(", "),
    isInvited: has_live_invitation,
  }));
}

async function livePersons(): Promise<Set<number>> {
  const rows = await everyRow<Invitation>(INVITATIONS, { purpose: "join" });
  return new Set(rows.filter(({ state }) => state === "live").map(({ person }) => person.id));
}

/** Rounds of two hundred; a refusal of one leaves the others alone, a lost server ends it. */
export async function inviteAll(
  people: Invitee[],
  onOutcomes: (outcomes: Outcome[]) => void,
  isStopped: () => boolean = () => false,
): Promise<void> {
  for (let first = 0; first < people.length; first += MOST) {
    if (isStopped()) return;
    await inviteRound(people.slice(first, first + MOST), onOutcomes, isStopped);
  }
}

async function inviteRound(
  people: Invitee[],
  onOutcomes: (outcomes: Outcome[]) => void,
  isStopped: () => boolean,
): Promise<void> {
  try {
    const sent = new Map(
      (await sendMany(people.map(({ person }) => person))).map((row) => [row.person, row]),
    );
    onOutcomes(
      people.flatMap((invitee) => {
        const row = sent.get(invitee.person);
        return row ? [outcomeOf(invitee, row)] : [];
      }),
    );
  } catch (error) {
    if (asProblem(error).isUndecided) throw error;
    // The round was refused because of somebody in it: one by one tells who, and invites the rest.
    for (const invitee of people) {
      if (isStopped()) return;
      onOutcomes([await inviteOne(invitee)]);
    }
  }
}

async function inviteOne(invitee: Invitee): Promise<Outcome> {
  try {
    return outcomeOf(invitee, await send({ person: invitee.person, purpose: "join" }));
  } catch (error) {
    const { code, detail, title, isUndecided } = asProblem(error);
    if (isUndecided) throw error;
    return { kind: "refused", invitee, code, detail: detail || title };
  }
}

export function outcomeOf(
  invitee: Invitee,
  sent: { link?: string | null; email: string; expires_at: string },
): Outcome {
  return sent.link
    ? { kind: "slip", slip: { ...invitee, link: sent.link, expires_at: sent.expires_at } }
    : { kind: "mailed", invitee, email: sent.email };
}
