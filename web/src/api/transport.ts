// The one place that talks to the network: headers, CSRF, replays, problems.
import { noteBuild } from "./builds";
import { newIdempotencyKey } from "./idempotency";
import { Problem, problemFrom, unreachable } from "./problem";
import { needsProof, proved } from "./proof";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** Seconds; for a longer wait the person is told, and what was typed stays where it is. */
const LONGEST_WAIT = 60;
const RETRIES = 3;
const CSRF_SOURCE = "/_allauth/browser/v1/config";

function csrfCookie(): string | null {
  // Over https the name says that no other host can have set it.
  const pair = document.cookie.split("; ").find((part) => /^(__Host-)?csrftoken=/.test(part));
  return pair ? decodeURIComponent(pair.slice(pair.indexOf("=") + 1)) : null;
}

/** The token that a write carries; asked for once where no cookie holds it yet. */
export async function csrfToken(): Promise<string> {
  const known = csrfCookie();
  if (known) return known;
  await fetch(CSRF_SOURCE, { credentials: "same-origin" }).catch(() => undefined);
  return csrfCookie() ?? "";
}

async function dress(request: Request): Promise<void> {
  if (!request.headers.has("Accept")) request.headers.set("Accept", "application/json");
  request.headers.set("Accept-Language", document.documentElement.lang || "en");
  if (SAFE.has(request.method)) return;
  request.headers.set("X-CSRFToken", await csrfToken());
  if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
    request.headers.set("Idempotency-Key", newIdempotencyKey());
  }
}

async function attempt(request: Request): Promise<Response | null> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    return null;
  }
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** A lost POST is sent once more under the same Idempotency-Key. */
async function sendOnce(request: Request): Promise<Response> {
  const spare = request.method === "POST" ? request.clone() : null;
  const first = await attempt(request);
  const response = first ?? (spare && (await attempt(spare)));
  if (!response) throw unreachable();
  noteBuild(response);
  if (!response.ok) throw await problemFrom(response);
  return response;
}

/** Sends, and again after the wait or the proof that is asked for; anything but success throws a Problem. */
export async function send(request: Request): Promise<Response> {
  await dress(request);
  let isProved = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return await sendOnce(request.clone());
    } catch (error) {
      if (error instanceof Problem && needsProof(error) && !isProved) {
        await proved(error);
        isProved = true;
        continue;
      }
      const wait = error instanceof Problem && error.code === "throttled" ? error.retryAfter : null;
      if (wait === null || wait > LONGEST_WAIT || tries > RETRIES) throw error;
      await pause(wait, request.signal);
    }
  }
}

export type Query = Record<string, string | number | boolean | undefined | null>;

/** The same-origin URL of a path, with every filter that has a value. */
export function urlOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}

function absolute(url: string): string {
  return new URL(url, window.location.origin).href;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const written = await response.text();
  return written ? JSON.parse(written) : undefined;
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await send(new Request(absolute(url), { signal: signal ?? null }));
  return (await bodyOf(response)) as T;
}

export type WriteOptions = { ifMatch?: number | string | undefined; idempotencyKey?: string | undefined };

export async function writeJson<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: unknown,
  options: WriteOptions = {},
): Promise<T> {
  const headers = new Headers();
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers.set("Content-Type", "application/json");
  if (options.ifMatch !== undefined) headers.set("If-Match", `"${options.ifMatch}"`);
  if (options.idempotencyKey) headers.set("Idempotency-Key", options.idempotencyKey);
  const payload = body === undefined ? null : isForm ? body : JSON.stringify(body);
  const response = await send(new Request(absolute(url), { method, headers, body: payload }));
  return (await bodyOf(response)) as T;
}
