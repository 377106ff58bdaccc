// How long a failed run waits.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import { retryDelay } from "../../src/queue/worker.ts";

const wait = { first: 2_000, longest: 300_000 };
const failure = (retryAfterMs?: number) =>
  new AppError("github", "It did not work.", {
    retryable: true,
    remedy: "Try again.",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

describe("retryDelay", () => {
  it("doubles up to the longest", () => {
    expect([1, 2, 3, 4, 20].map((attempt) => retryDelay(attempt, failure(), wait))).toEqual([
      2_000, 4_000, 8_000, 16_000, 300_000,
    ]);
  });

  it("is what the other side asked for, also when that is long or nothing", () => {
    expect(retryDelay(5, failure(3_600_000), wait)).toBe(3_600_000);
    expect(retryDelay(5, failure(0), wait)).toBe(0);
  });
});
