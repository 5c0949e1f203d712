// Ten writes a minute: whatever comes beyond waits as long as the server says, and goes on by itself.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../../api/problem";
import { RANK, WriteQueue } from "./queue";

const tooMany = (retryAfter: number | null) =>
  new Problem({ status: 429, code: "too_many_requests", title: "", detail: "", retryAfter });
const refused = new Problem({ status: 422, code: "invalid", title: "", detail: "" });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the queue of writes", () => {
  test("runs one at a time, in the order in which they came", async () => {
    const queue = new WriteQueue();
    const log: string[] = [];
    const write = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    await Promise.all([queue.add(write("a"), RANK.upload), queue.add(write("b"), RANK.upload)]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  test("lets what was typed go before the papers that wait", async () => {
    const queue = new WriteQueue();
    const log: string[] = [];
    const write = (name: string) => async () => void log.push(name);
    await Promise.all([
      queue.add(write("first paper"), RANK.upload),
      queue.add(write("second paper"), RANK.upload),
      queue.add(write("step"), RANK.save),
    ]);
    expect(log).toEqual(["first paper", "step", "second paper"]);
  });

  test("waits as long as the server asks, says until when, and tries the same again", async () => {
    const queue = new WriteQueue();
    const seen: (number | null)[] = [];
    queue.subscribe(() => seen.push(queue.state().waitingUntil));
    const write = vi.fn().mockRejectedValueOnce(tooMany(30)).mockResolvedValueOnce("taken");
    const began = Date.now();
    const result = queue.add(write, RANK.upload);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(write).toHaveBeenCalledTimes(1);
    expect(queue.state()).toEqual({ waitingUntil: began + 30_000, length: 1 });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(result).resolves.toBe("taken");
    expect(write).toHaveBeenCalledTimes(2);
    expect(queue.state()).toEqual({ waitingUntil: null, length: 0 });
    expect(seen).toContain(began + 30_000);
  });

  test("waits a minute where the server names no time", async () => {
    const queue = new WriteQueue();
    const write = vi.fn().mockRejectedValueOnce(tooMany(null)).mockResolvedValueOnce(1);
    const result = queue.add(write, RANK.save);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(write).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(result).resolves.toBe(1);
  });

  test("hands any other refusal to whoever wrote, and goes on with the next", async () => {
    const queue = new WriteQueue();
    const bad = queue.add(() => Promise.reject(refused), RANK.save);
    const good = queue.add(() => Promise.resolve("good"), RANK.save);
    await expect(bad).rejects.toBe(refused);
    await expect(good).resolves.toBe("good");
  });
});
