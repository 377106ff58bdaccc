import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { settlementKey } from "../../src/core/settlement-key.ts";

it("names path and sides: no two of them share a key, whatever stands where", () => {
  const text = fc.string({ unit: fc.constantFrom("1", "2", "\n"), maxLength: 4 });
  const hunk = fc.record({ base: text, ours: text, theirs: text });
  const key = (path: string, one: { base: string; ours: string; theirs: string }) => settlementKey(path, one);
  fc.assert(
    fc.property(text, hunk, text, hunk, (path, one, otherPath, other) => {
      const same = JSON.stringify([path, one]) === JSON.stringify([otherPath, other]);
      expect(key(path, one) === key(otherPath, other)).toBe(same);
      expect(key(path, one)).toMatch(/^[0-9a-f]{64}$/);
    }),
  );
});
