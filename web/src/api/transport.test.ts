import { beforeEach, describe, expect, test, vi } from "vitest";
import { lostConnection, stubServer } from "../test/server";
import { submitKeys } from "./idempotency";
import { Problem } from "./problem";
import { getJson, urlOf, writeJson } from "./transport";

const keyOf = (request: Request | undefined) => request?.headers.get("Idempotency-Key");

async function refusal(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
}

beforeEach(() => {
  vi.spyOn(document, "cookie", "get").mockReturnValue("a=1; csrftoken=secret-of-the-session");
});

describe("a refusal", () => {
  test("becomes a Problem with code, faults, what is missing and the request id", async () => {
    stubServer(() => ({
      status: 409,
      body: {
        type: "about:blank",
        title: "Not now",
        status: 409,
        code: "not_now",
        detail: "The week has a clash.",
        errors: [{ pointer: "/room", code: "taken", detail: "Room 8 is taken." }],
        missing: [
          {
            code: "room_clash",
            label: "No clash",
            detail: "Room 8",
            severity: "block",
            where: { cells: [{ row_index: 1, day_of_week: 0 }] },
          },
        ],
        request_id: "r-17",
        id: 4,
      },
    }));
    const problem = await refusal(getJson("/api/v1/x/"));
    expect(problem.status).toBe(409);
    expect(problem.code).toBe("not_now");
    expect(problem.message).toBe("The week has a clash.");
    expect(problem.errors).toEqual([{ pointer: "/room", code: "taken", detail: "Room 8 is taken." }]);
    expect(problem.missing).toEqual([
      {
        code: "room_clash",
        label: "No clash",
        detail: "Room 8",
        severity: "block",
        where: { cells: [{ row_index: 1, day_of_week: 0 }] },
      },
    ]);
    expect(problem.requestId).toBe("r-17");
    expect(problem.extra).toEqual({ id: 4 });
    expect(problem.isUndecided).toBe(false);
  });

  test("of allauth names the field by its parameter", async () => {
    stubServer(() => ({
      status: 400,
      body: { status: 400, errors: [{ message: "Wrong.", code: "mismatch", param: "password" }] },
    }));
    const problem = await refusal(writeJson("POST", "/_allauth/x", {}));
    expect(problem.errors).toEqual([{ pointer: "/password", code: "mismatch", detail: "Wrong." }]);
  });

  test("without a readable body still has its status and the request id of the header", async () => {
    stubServer(() => ({ status: 502, headers: { "X-Request-Id": "r-9" } }));
    const problem = await refusal(getJson("/api/v1/x/"));
    expect([problem.status, problem.code, problem.requestId]).toEqual([502, "http_502", "r-9"]);
    expect(problem.isUndecided).toBe(true);
  });

  test("that never arrived is an unreachable server", async () => {
    stubServer(() => Promise.reject(lostConnection));
    const problem = await refusal(getJson("/api/v1/x/"));
    expect([problem.status, problem.code]).toEqual([0, "unreachable"]);
  });
});

describe("a write", () => {
  test("carries the CSRF token, the version it was based on and its key", async () => {
    const seen = stubServer(() => ({ status: 200, body: {} }));
    await writeJson("POST", "/api/v1/x/", { a: 1 }, { ifMatch: 7, idempotencyKey: "k-1" });
    const headers = seen[0]?.headers;
    expect(headers?.get("X-CSRFToken")).toBe("secret-of-the-session");
    expect(headers?.get("If-Match")).toBe('"7"');
    expect(keyOf(seen[0])).toBe("k-1");
    expect(await seen[0]?.json()).toEqual({ a: 1 });
  });

  test("by POST gets a key of its own when none was given", async () => {
    const seen = stubServer(() => ({ status: 204 }));
    await writeJson("POST", "/api/v1/x/");
    await writeJson("POST", "/api/v1/x/");
    expect(keyOf(seen[0])).toMatch(/^[0-9a-f-]{36}$/);
    expect(keyOf(seen[1])).not.toBe(keyOf(seen[0]));
  });

  test("lost on the way is sent once more under the same key and body", async () => {
    let calls = 0;
    const seen = stubServer(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(lostConnection) : { status: 201, body: { id: 3 } };
    });
    expect(await writeJson("POST", "/api/v1/x/", { a: 1 })).toEqual({ id: 3 });
    expect(seen).toHaveLength(2);
    expect(keyOf(seen[1])).toBe(keyOf(seen[0]));
    expect(await seen[1]?.json()).toEqual({ a: 1 });
  });

  test("by PATCH is never repeated by itself", async () => {
    const seen = stubServer(() => Promise.reject(lostConnection));
    await refusal(writeJson("PATCH", "/api/v1/x/", { a: 1 }));
    expect(seen).toHaveLength(1);
  });
});

describe("the key of a submit", () => {
  const numbered = () => {
    let next = 0;
    return submitKeys(() => `key-${++next}`);
  };
  const undecided = new Problem({ status: 503, code: "busy", title: "", detail: "" });
  const refused = new Problem({ status: 422, code: "invalid", title: "", detail: "" });

  test("is kept while the same body waits for a verdict", () => {
    const keys = numbered();
    expect(keys.keyFor({ a: 1 })).toBe("key-1");
    keys.settle(undecided);
    expect(keys.keyFor({ a: 1 })).toBe("key-1");
  });

  test("changes with the body", () => {
    const keys = numbered();
    keys.keyFor({ a: 1 });
    keys.settle(undecided);
    expect(keys.keyFor({ a: 2 })).toBe("key-2");
  });

  test.each([
    ["success", undefined],
    ["a refusal", refused],
  ])("is closed by %s", (_name, error) => {
    const keys = numbered();
    keys.keyFor({ a: 1 });
    keys.settle(error);
    expect(keys.keyFor({ a: 1 })).toBe("key-2");
  });
});

test("a URL carries only the filters that have a value", () => {
  expect(urlOf("/x/", { page: 2, search: "", status: undefined, unread: true })).toBe(
    "/x/?page=2&unread=true",
  );
});

describe("a throttle", () => {
  const throttled = (wait: string) => ({
    status: 429,
    headers: { "Retry-After": wait },
    body: { status: 429, code: "throttled", title: "", detail: "" },
  });

  test("is waited for, and the same write goes out again under its key", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let asked = 0;
      const keys: unknown[] = [];
      const bodies: string[] = [];
      stubServer(async (request) => {
        asked += 1;
        keys.push(keyOf(request));
        bodies.push(await request.clone().text());
        return asked === 1 ? throttled("7") : { status: 201, body: { id: 3 } };
      });
      const call = writeJson("POST", "/api/v1/x/", { name: "Alice" });
      await vi.advanceTimersByTimeAsync(6_900);
      expect(asked).toBe(1);
      await vi.advanceTimersByTimeAsync(200);
      expect(await call).toEqual({ id: 3 });
      expect(bodies).toEqual(['{"name":"Alice"}', '{"name":"Alice"}']);
      expect(keys[0]).toBe(keys[1]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("of a long time is told, and other refusals of that kind are not repeated", async () => {
    let asked = 0;
    stubServer(() => {
      asked += 1;
      return throttled("900");
    });
    expect((await refusal(getJson("/api/v1/x/"))).retryAfter).toBe(900);
    stubServer(() => {
      asked += 1;
      return { ...throttled("1"), body: { status: 429, code: "AUTH_ACCOUNT_LOCKED" } };
    });
    expect((await refusal(getJson("/api/v1/x/"))).code).toBe("AUTH_ACCOUNT_LOCKED");
    expect(asked).toBe(2);
  });
});
