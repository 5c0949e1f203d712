// Typed calls over the generated schema: `const student = await ok(client.GET(path, { params }))`.
import createClient from "openapi-fetch";
import type { paths } from "./schema";
import { send } from "./transport";

export const client = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

/** The data of a call. Refusals never come here: `send` has thrown them as a Problem. */
export async function ok<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}

/** The headers of a guarded write: the version it was based on and the key of the attempt. */
export function guards(options: { version?: number; idempotencyKey?: string }): Record<string, string> {
  return {
    ...(options.version === undefined ? {} : { "If-Match": `"${options.version}"` }),
    ...(options.idempotencyKey ? { "Idempotency-Key": options.idempotencyKey } : {}),
  };
}
