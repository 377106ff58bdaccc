// The estimate is high: money is held back by it.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { estimateTokens } from "../../../src/model/prices/estimate.ts";

/** Tokens by the largest count of o200k, cl100k and Claude 2's tokenizer with 35 % added, counted in November 2026. */
const counted: readonly (readonly [what: string, text: string, tokens: number])[] = [
  [
    "prose",
    "The merge keeps both changes, because neither touches a line that the other one has touched.\n",
    26,
  ],
  [
    "TypeScript",
    "export function largest(values: readonly number[]): number | null {\n  return values.length === 0 ? null : Math.max(...values);\n}\n",
    45,
  ],
  [
    "Python",
    'def parse_row(line, separator=","):\n    return [cell.strip() for cell in line.split(separator) if cell]\n',
    42,
  ],
  [
    "JSON",
    '{"name": "demo", "version": "1.4.2", "private": true, "tags": ["a", "b"], "size": 10485760}\n',
    53,
  ],
  ["YAML", "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n", 37],
  ["digits", "3141592653589793238462643383279502884197", 23],
  ["Chinese", "这个函数返回合并后的结果，如果两边都修改了同一行，则保留冲突标记。", 37],
  ["Japanese", "両側が同じ行を変更した場合は、競合マーカーを残します。", 40],
  ["Russian", "Если обе стороны изменили одну строку, конфликт остаётся.", 38],
];

describe("estimateTokens", () => {
  it.each(counted)("is not below the count of %s, nor more than four times as high", (_, text, tokens) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
    expect(estimateTokens(text)).toBeLessThanOrEqual(4 * tokens);
  });

  it("is nothing for nothing, and grows with the text", () => {
    expect(estimateTokens("")).toBe(0);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(estimateTokens(`${a}\n${b}`)).toBe(estimateTokens(a) + 1 + estimateTokens(b));
      }),
    );
  });

  it("is a quarter of the letters and signs at least, and never more than a token for each byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const solid = Buffer.byteLength(text.replaceAll(/[^\S\n]/g, ""));
        expect(estimateTokens(text)).toBeGreaterThanOrEqual(solid / 4);
        expect(estimateTokens(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });
});
