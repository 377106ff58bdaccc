import { describe, expect, it } from "@jest/globals";
import { plainRange, sameBreaking } from "../../../src/merge/json/version.ts";

describe("whether two versions promise to be compatible", () => {
  const same = (one: string, other: string): boolean | null => {
    const [left, right] = [plainRange(`"${one}"`), plainRange(`"${other}"`)];
    return left && right && sameBreaking(left, right);
  };

  it("asks the major, below 1.0 the minor, below 0.1 the patch", () => {
    expect([same("^1.2.0", "^1.9.3"), same("^1.2.0", "^2.0.0")]).toEqual([true, false]);
    expect([same("^0.3.1", "^0.3.9"), same("^0.3", "^0.9"), same("0.9.0", "1.0.0")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([same("0.0.3", "0.0.3"), same("0.0.3", "0.0.4")]).toEqual([true, false]);
  });
});
