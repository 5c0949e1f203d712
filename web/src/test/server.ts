import { vi } from "vitest";

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
type Handler = (request: Request) => Answer | Promise<Answer>;

/** Answers every request of a test and keeps what was asked. A thrown error is a lost connection. */
export function stubServer(handler: Handler): Request[] {
  const seen: Request[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(
      input instanceof Request ? input : new URL(String(input), location.origin),
      init,
    );
    seen.push(request.clone());
    const { status = 200, body, headers } = await handler(request);
    const type = status >= 400 ? "application/problem+json" : "application/json";
    const text = body === undefined ? null : JSON.stringify(body);
    return new Response(text, { status, headers: { "Content-Type": type, ...headers } });
  });
  return seen;
}

export const lostConnection = new TypeError("Failed to fetch");
