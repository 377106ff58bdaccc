// How long a server asks to wait: any header, any date.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { retryAfterMs } from "../../../src/model/clients/retry-after.ts";

const now = Date.UTC(2026, 10, 23, 12);
const read = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);

describe("retry-after", () => {
  test("seconds, whole or not, up to a minute", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        const text = seconds.toFixed(3);
        expect(read({ "retry-after": text })).toBe(Math.ceil(Math.min(Number(text) * 1000, 60_000)));
      }),
    );
  });

  test("milliseconds win over seconds", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100), (ms, seconds) => {
        const headers = { "retry-after-ms": String(ms), "retry-after": String(seconds) };
        expect(read(headers)).toBe(Math.min(ms, 60_000));
      }),
    );
  });

  test("a date is as far away as it is: past ones not at all, far ones a minute", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), (seconds) => {
        const date = new Date(now + seconds * 1000).toUTCString();
        expect(read({ "retry-after": date })).toBe(Math.min(Math.max(seconds * 1000, 0), 60_000));
      }),
    );
  });

  test("whatever stands there, it is null or a whole number from 0 to 60,000", () => {
    const header = fc.string().map((text) => text.replace(/[^\x20-\x7e]/g, ""));
    fc.assert(
      fc.property(header, header, (ms, after) => {
        const wait = read({ "retry-after-ms": ms, "retry-after": after });
        expect(wait === null || (Number.isInteger(wait) && wait >= 0 && wait <= 60_000)).toBe(true);
      }),
    );
  });

  test.each(["", "soon", "-5", "1e9", "Infinity", "0x10", "tomorrow 5", "Mon, 99 Foo 2026 99:99:99 GMT"])(
    "%j is no time",
    (text) => {
      expect(read({ "retry-after": text, "retry-after-ms": text })).toBeNull();
    },
  );
});
