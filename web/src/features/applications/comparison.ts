// Two who resemble one another, field by field.
import { FIELD_NAMES, type FieldName, valuesOf } from "../../ui/application/fields";
import type { Application, Duplicate, Person, Student } from "./queries";

export type ComparedField = FieldName | "email";
export type Known = Partial<Record<ComparedField, string>>;
export type Verdict = "shared" | "same" | "different" | "unknown";
export type Line = { field: ComparedField; own: string; others: { value: string; verdict: Verdict }[] };

const UNDISCLOSED = "undisclosed";
const ORDER: ComparedField[] = [
  "full_name",
  "father_name",
  "gender",
  "date_of_birth",
  "cnic_or_bform",
  "mobile",
  "email",
  "mdcat_roll_number",
];

export function ofApplication(application: Application): Known {
  return { ...valuesOf(application), email: application.email };
}

/** A student or a person says less than an application does; what the reader may not see is left out. */
export function ofPerson(student: Student | null, person: Person | null): Known {
  const reach = (kind: string) =>
    person?.contacts?.find((contact) => contact.kind === kind && contact.is_primary)?.value;
  const known: Partial<Record<ComparedField, string | null | undefined>> = {
    full_name: person?.name ?? student?.name,
    father_name: person?.father_name ?? student?.father_name,
    gender: told(person?.gender ?? student?.gender),
    date_of_birth: person?.date_of_birth ?? student?.date_of_birth,
    cnic_or_bform: person?.national_id,
    mobile: reach("phone") ?? student?.phone,
    email: reach("email") ?? student?.email,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value)) as Known;
}

const told = (gender: string | null | undefined) => (gender === UNDISCLOSED ? null : gender);
const plain = (text: string) => text.trim().replace(/\s+/g, " ").toLowerCase();

function verdictOf(field: ComparedField, own: string, other: string | undefined, shared: string[]): Verdict {
  if (shared.includes(field)) return "shared";
  if (!own || !other) return "unknown";
  return plain(own) === plain(other) ? "same" : "different";
}

/** One line for each field that somebody of them fills in: what tells people apart first. */
export function compared(own: Known, others: { known: Known; shared: Duplicate["shared"] }[]): Line[] {
  const rest = FIELD_NAMES.filter((name) => !ORDER.includes(name));
  return [...ORDER, ...rest]
    .map((field) => ({
      field,
      own: own[field] ?? "",
      others: others.map(({ known, shared }) => ({
        value: known[field] ?? "",
        verdict: verdictOf(field, own[field] ?? "", known[field], shared),
      })),
    }))
    .filter(({ others: found }) => found.some(({ value, verdict }) => value || verdict === "shared"));
}
