import { expect, test } from "vitest";

let woken = 0;

test("what a test leaves waiting", () => {
  setTimeout(() => {
    woken += 1;
  }, 20);
  expect(woken).toBe(0);
});

test("never wakes in the next one", async () => {
  await new Promise((done) => setTimeout(done, 60));
  expect(woken).toBe(0);
});
