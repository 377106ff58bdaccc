import { describe, expect, it } from "@jest/globals";
import { countErrors } from "../../../src/syntax/yaml.ts";
import { yamlTier } from "../../../src/merge/yaml/drivers.ts";
import { settleWith, type Given } from "../support.ts";

const answer = (given: Given): [string, string] | null => {
  const settlement = settleWith(yamlTier, given);
  return settlement && [settlement.class, settlement.text];
};
const at = {
  path: ".github/workflows/ci.yml",
  before: "      - cut: off\njobs:\n  lint:\n    runs-on: ubuntu\n",
  after: "    steps:\n      - run: x\non: push\n",
};

describe("a hunk of YAML seen with the lines around it", () => {
  it("keeps what each side added, changed or removed by itself", () => {
    const [base, ours, theirs] = [
      "    a: 1\n    b: 1\n",
      "    a: 2\n    b: 1\n",
      "    a: 1\n    b: 1\n    c: 1\n",
    ];
    expect(answer({ ...at, base, ours, theirs })).toEqual([
      "yaml/changed-keys",
      "    a: 2\n    b: 1\n    c: 1\n",
    ]);
    expect(
      answer({ ...at, base, ours: "    a: 1\n    d: 1\n", theirs: "    a: 1\n    b: 1\n    c: 1\n" }),
    ).toEqual(["yaml/removed-keys", "    a: 1\n    d: 1\n    c: 1\n"]);
    expect(settleWith(yamlTier, { ...at, base, ours, theirs })?.why).toBe(
      "Merged by key: one side changed a; one side added c; every change was kept.",
    );
  });

  it("is given what stands further out than every line above", () => {
    const entry = (name: string): string => `  ${name}:\n    type: ${name}\n\n`;
    expect(
      answer({
        path: "schema.yaml",
        before: "      default: 1\n      max: 2\n\n",
        ours: entry("one"),
        theirs: entry("two"),
        after: "  zoo:\n    type: z\nend: 1\n",
      }),
    ).toEqual(["yaml/add-different-keys", entry("one") + entry("two")]);
  });

  it("sees that a name that both changed alike was cut off them and not off the base", () => {
    expect(
      answer({
        ...at,
        base: "    if: old\n    uses: a/b@v1\n",
        ours: "    if: new\n    uses: a/b@v1\n",
        theirs: "    if: new\n    uses: a/b@v2\n",
      })?.[1],
    ).toBe("    if: new\n    uses: a/b@v2\n");
  });

  it("leaves to a person what both changed, and what is no YAML to be seen", () => {
    const hunk = { base: "    a: 1\n", ours: "    a: 2\n", theirs: "    a: 3\n" };
    expect(answer({ ...at, ...hunk })).toBeNull();
    expect(answer({ ...at, ...hunk, theirs: "" })).toBeNull();
    expect(answer({ ...at, ...hunk, theirs: "    a: 1\n   b: 1\n" })).toBeNull();
    expect(answer({ ...at, ...hunk, ours: "    a: 1\n    b: 1\n", theirs: "\ta: 1\n" })).toBeNull();
    expect(answer({ ...at, ...hunk, ours: "    a: 1\n    b: 1\n", path: "a.toml" })).toBeNull();
  });
});

describe("a text that nests deeper than any file", () => {
  it("counts as one error: the parser could end the process", () => {
    const steps = Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("");
    for (const text of ["[".repeat(20_000), "{a: ".repeat(500), `${"- ".repeat(5_000)}x\n`, steps])
      expect(countErrors(text)).toBe(1);
    expect(countErrors(`# ${"-".repeat(2_000)}\na: ${"[".repeat(50)}${"]".repeat(50)}\n`)).toBe(0);
  });
});
