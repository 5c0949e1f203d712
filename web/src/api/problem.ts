// RFC 9457 problem details as one typed error, whatever part of the server answered.

export type FieldFault = { pointer: string; code: string; detail: string };
export type Missing = {
  code: string;
  label: string;
  detail: string;
  severity: "block" | "warn";
  /** What it is about, in the requirement's own terms: cells, sessions, dates, figures. */
  where: Record<string, unknown> | null;
  /** Where several of one kind are shown as one. */
  parts?: Missing[];
};

type Facts = {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors?: FieldFault[];
  missing?: Missing[];
  requestId?: string | null;
  retryAfter?: number | null;
  extra?: Record<string, unknown>;
};

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldFault[];
  readonly missing: Missing[];
  readonly requestId: string | null;
  /** Seconds that the server asks to wait before the next try; null where it names none. */
  readonly retryAfter: number | null;
  /** Members of the answer that only some problems have, such as `differing` of a 412. */
  readonly extra: Record<string, unknown>;

  constructor(facts: Facts) {
    super(facts.detail || facts.title);
    this.name = "Problem";
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.detail = facts.detail;
    this.errors = facts.errors ?? [];
    this.missing = facts.missing ?? [];
    this.requestId = facts.requestId ?? null;
    this.retryAfter = facts.retryAfter ?? null;
    this.extra = facts.extra ?? {};
  }

  /** The server gave no verdict, so the same request may be sent again. */
  get isUndecided(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  get isStale(): boolean {
    return this.status === 412;
  }
}

export function unreachable(): Problem {
  return new Problem({ status: 0, code: "unreachable", title: "", detail: "" });
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: -1, code: "client_fault", title: "", detail });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Field faults in the API's own words (`pointer`, `detail`) or allauth's (`param`, `message`). */
function fieldFault(raw: Record<string, unknown>): FieldFault {
  const param = text(raw.param);
  return {
    pointer: text(raw.pointer) || (param ? `/${param}` : ""),
    code: text(raw.code),
    detail: text(raw.detail) || text(raw.message),
  };
}

export function missingFrom(raw: Record<string, unknown>): Missing {
  return {
    code: text(raw.code),
    label: text(raw.label),
    detail: text(raw.detail),
    severity: raw.severity === "warn" ? "warn" : "block",
    where: isRecord(raw.where) ? raw.where : null,
  };
}

const KNOWN = new Set(["type", "title", "status", "code", "detail", "errors", "missing", "request_id"]);

function seconds(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}

export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const header = response.headers.get("X-Request-Id");
  const retryAfter = seconds(response.headers.get("Retry-After"));
  if (!isRecord(body)) {
    const title = response.statusText;
    return new Problem({
      status: response.status,
      code: `http_${response.status}`,
      title,
      detail: "",
      requestId: header,
      retryAfter,
    });
  }
  return new Problem({
    status: response.status,
    code: text(body.code) || `http_${response.status}`,
    title: text(body.title),
    detail: text(body.detail),
    errors: records(body.errors).map(fieldFault),
    missing: records(body.missing).map(missingFrom),
    requestId: text(body.request_id) || header,
    retryAfter,
    extra: Object.fromEntries(Object.entries(body).filter(([key]) => !KNOWN.has(key))),
  });
}
