// The fields of an application as applicants and staff fill them in: in which step, of which shape.
// What must be filled in, and what is right, the server says.

export type Shape = "text" | "name" | "phone" | "number" | "day" | "count" | "decimal" | "choice" | "lines";
type Field = { shape: Shape; max: number; autoComplete?: string; choices?: readonly string[] };

export const CHOICES = {
  gender: ["female", "male", "other", "undisclosed"],
  guardian_relation: ["father", "mother", "guardian", "other"],
  last_qualification: ["matric", "fsc", "a_levels", "other"],
} as const;

export const FIELDS = {
  full_name: { shape: "name", max: 255, autoComplete: "name" },
  father_name: { shape: "name", max: 255, autoComplete: "off" },
  gender: { shape: "choice", max: 20, choices: CHOICES.gender, autoComplete: "sex" },
  date_of_birth: { shape: "day", max: 10, autoComplete: "bday" },
  cnic_or_bform: { shape: "number", max: 20, autoComplete: "off" },
  mobile: { shape: "phone", max: 40, autoComplete: "tel" },
  phone: { shape: "phone", max: 40, autoComplete: "off" },
  address: { shape: "lines", max: 500, autoComplete: "street-address" },
  guardian_name: { shape: "name", max: 255, autoComplete: "off" },
  guardian_relation: { shape: "choice", max: 20, choices: CHOICES.guardian_relation },
  guardian_phone_whatsapp: { shape: "phone", max: 40, autoComplete: "off" },
  last_qualification: { shape: "choice", max: 20, choices: CHOICES.last_qualification },
  institute_name: { shape: "name", max: 255, autoComplete: "off" },
  board_or_university: { shape: "name", max: 255, autoComplete: "off" },
  passing_year: { shape: "count", max: 4 },
  total_marks_or_grade: { shape: "text", max: 40 },
  obtained_marks_or_grade: { shape: "text", max: 40 },
  subjects: { shape: "lines", max: 500 },
  mdcat_roll_number: { shape: "text", max: 40 },
  merit_number: { shape: "count", max: 8 },
  merit_percentage: { shape: "decimal", max: 8 },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;
/** Every field as it stands in its input: a text, empty where nothing is. */
export type Values = Record<FieldName, string>;

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
export const PARTS = {
  applicant: ["full_name", "father_name", "gender", "date_of_birth", "cnic_or_bform"],
  contact: ["mobile", "phone", "address"],
  guardian: ["guardian_name", "guardian_relation", "guardian_phone_whatsapp"],
  education: [
    "last_qualification",
    "institute_name",
    "board_or_university",
    "passing_year",
    "total_marks_or_grade",
    "obtained_marks_or_grade",
    "subjects",
    "mdcat_roll_number",
    "merit_number",
    "merit_percentage",
  ],
} as const satisfies Record<string, readonly FieldName[]>;
export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as PartName[];
export const OPTIONAL: ReadonlySet<FieldName> = new Set([
  "phone",
  "subjects",
  "mdcat_roll_number",
  "merit_number",
  "merit_percentage",
]);

export const PHOTO = "photo";
export const PAPERS = [
  PHOTO,
  "cnic_front",
  "cnic_back",
  "domicile",
  "matric_certificate",
  "fsc_certificate",
  "migration_certificate",
  "guardian_id_card",
  "other_document_1",
  "other_document_2",
] as const;
export type PaperKind = (typeof PAPERS)[number];

export function isField(name: string): name is FieldName {
  return name in FIELDS;
}

/** The step in which a field is filled in. */
export function partOf(field: FieldName): PartName {
  return PART_NAMES.find((part) => (PARTS[part] as readonly FieldName[]).includes(field)) ?? "applicant";
}

type Wire = { [F in FieldName]: string | number | null };

/** What the server holds, as the inputs show it. */
export function valuesOf(record: Wire): Values {
  return Object.fromEntries(FIELD_NAMES.map((name) => [name, String(record[name] ?? "")])) as Values;
}

const DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩";

/** Digits as an Urdu or Arabic keyboard writes them, as every machine reads them. */
export function plainDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => String(DIGITS.indexOf(digit) % 10)).replaceAll("٫", ".");
}

/** One value as the API takes it; what is no number goes as it was typed, and the server names the fault. */
function wired(name: FieldName, typed: string): string | number | null {
  const { shape } = FIELDS[name];
  if (shape === "text" || shape === "name" || shape === "lines") return typed;
  const text = plainDigits(typed).trim();
  if (shape === "phone" || shape === "number") return text;
  if (text === "") return null;
  return shape === "count" && /^\d+$/.test(text) ? Number(text) : text;
}

/** The body of a PATCH that says these fields and no others. */
export function bodyOf(values: Partial<Values>): Record<string, string | number | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, typed]) => [name, wired(name as FieldName, typed)]),
  );
}

/** The fields that were typed differently from what is known to be stored. */
export function changedFields(values: Values, stored: Values): Partial<Values> {
  return Object.fromEntries(
    FIELD_NAMES.filter((name) => values[name] !== stored[name]).map((name) => [name, values[name]]),
  );
}
