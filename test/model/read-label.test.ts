// A vote is read from an answer, or there is none.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readLabel } from "../../src/model/read-label.ts";

const labels = ["A", "B", "C", "NONE"];

describe("readLabel", () => {
  it.each([
    ['{"choice": "B"}', "B"],
    ['{\n  "choice": "B"\n}\n', "B"],
    ['```json\n{"choice": "B"}\n```', "B"],
    ['```\n{"choice":"B"}\n```\n', "B"],
    ["B", "B"],
    [" B.\n", "B"],
    ['"B"', "B"],
    ["**B**", "B"],
    ["(B)", "B"],
    ["```\nB\n```", "B"],
    ["NONE", "NONE"],
    ['{"choice": "NONE"}', "NONE"],
    ['<think>A? No, C. {"choice": "A"}</think>\n\nB', "B"],
    ['<think>A</think>{"choice": "B"}', "B"],
    ['Both sides are kept in B, not in A.\n\n{"choice": "B"}', "B"],
    ['I choose:\n```json\n{"choice": "C"}\n```', "C"],
  ])("reads %j as %s", (text, label) => {
    expect(readLabel(text, labels)).toBe(label);
  });

  it.each([
    "",
    "   ",
    "D",
    "b",
    "AB",
    "A B",
    "A, B",
    "A or B",
    "A\nB",
    "I would choose B because A drops a line.",
    "Answer: B",
    '{"choice": "D"}',
    '{"choice": "A"}{"choice": "B"}',
    '{"choice": "A"}\n{"choice": "A"}',
    '{"choice": "A", "choice": "B"}',
    '{"choice": "B"} or rather {"choice": "A"}',
    '{"choice": "B"} because it is right',
    '{"choice": ["A", "B"]}',
    '{"choice": "A", "other": "B"}',
    '{"choice": "B"',
    '{"choice": B}',
    '{"\\u0063hoice": "B"}',
    '[{"choice": "B"}]',
    '{"answer": {"choice": "B"}}',
    "<think>B",
    "B</think>",
    "```\nA\nB\n```",
    "```\nB",
  ])("takes %j for no vote", (text) => {
    expect(readLabel(text, labels)).toBeNull();
  });

  it("takes NONE for a label only where it is one", () => {
    expect(readLabel("NONE", ["A", "B"])).toBeNull();
  });

  it("answers with a label or nothing, whatever the text", () => {
    const scraps = fc.constantFrom(
      ...Array.from("AB{}\"':,.`*() \n"),
      '{"choice": "A"}',
      '"choice":',
      "```json\n",
      "</think>",
      "NONE",
    );
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 12 }), (parts) => {
        const label = readLabel(parts.join(""), labels);
        expect([...labels, null]).toContain(label);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never decides between two labels", () => {
    const shown = (label: string): fc.Arbitrary<string> =>
      fc.constantFrom(
        label,
        `${label}.`,
        `{"choice": "${label}"}`,
        `\`\`\`json\n{"choice": "${label}"}\n\`\`\``,
      );
    const glue = fc.constantFrom(" ", "\n", ", ", " or ", "\n\n");
    const two = fc.uniqueArray(fc.constantFrom(...labels), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(
        two.chain(([one = "", other = ""]) => fc.tuple(shown(one), glue, shown(other))),
        ([one, between, other]) => {
          // Prose, a bare label in it, may stand before the one object that decides; two answers of one form may not.
          fc.pre(one.includes("{") || !other.includes("{"));
          expect(readLabel(one + between + other, labels)).toBeNull();
        },
      ),
    );
  });

  it("reads a label that stands alone in any of its forms", () => {
    const blank = fc.constantFrom("", " ", "\n", "\r\n", "\t\n");
    const form = fc.constantFrom(
      (label: string) => label,
      (label: string) => `"${label}".`,
      (label: string) => JSON.stringify({ choice: label }),
      (label: string) => JSON.stringify({ choice: label }, null, 2),
      (label: string) => `\`\`\`json\n${JSON.stringify({ choice: label })}\n\`\`\``,
      (label: string) => `<think>{"choice": "A"} or B?</think>${label}`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...labels), form, blank, blank, (label, shape, before, after) => {
        expect(readLabel(before + shape(label) + after, labels)).toBe(label);
      }),
    );
  });

  it("comes to an end on answers of a megabyte", () => {
    for (const piece of ['{"choice":', "{", " ", "`", '{ "choice": "', "(", "</think>", "A"])
      expect(readLabel(piece.repeat(1_000_000 / piece.length), labels)).toBeNull();
  });
});
