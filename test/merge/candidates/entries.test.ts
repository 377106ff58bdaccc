// Candidates that read the lines as something: numbers, list items, keys, sorted lines.
import { describe, expect, it } from "@jest/globals";
import { keyUnion } from "../../../src/merge/candidates/keys.ts";
import { listItems, mergeItems } from "../../../src/merge/candidates/list-items.ts";
import { compareDotted, higherVersion, numberSum } from "../../../src/merge/candidates/numbers.ts";
import { sortedInserts } from "../../../src/merge/candidates/sorted-insert.ts";
import { answersOf } from "./support.ts";

describe("numbers", () => {
  it("takes the higher version, and what else only one side changed", () => {
    expect(
      answersOf(higherVersion, {
        base: "image: app:1.8.0\n",
        ours: "image: app:1.9.2\n",
        theirs: "image: registry/app:1.10.0\n",
      }),
    ).toEqual({ "higher-version": "image: registry/app:1.10.0\n" });
  });

  it("answers nothing where no number differs", () => {
    expect(answersOf(higherVersion, { base: "a 1\n", ours: "b 1\n", theirs: "c 1\n" })).toEqual({});
  });

  it.each([
    ["1.9", "1.10", -1],
    ["1.9.1", "1.9", 1],
    ["01.2", "1.2", 0],
    ["20".repeat(200), "3".repeat(401), -1],
  ])("compares %s with %s", (one, other, sign) => {
    expect(Math.sign(compareDotted(one, other))).toBe(sign);
  });

  it("adds up what both did to a count", () => {
    expect(
      answersOf(numberSum, {
        base: "expect(rules).toHaveLength(40) // of 50\n",
        ours: "expect(rules).toHaveLength(43) // of 50\n",
        theirs: "expect(rules).toHaveLength(41) // of 55\n",
      }),
    ).toEqual({ "number-sum": "expect(rules).toHaveLength(44) // of 55\n" });
  });

  it("adds nothing up where the words differ", () => {
    expect(answersOf(numberSum, { base: "a 1\n", ours: "a 2\n", theirs: "b 3\n" })).toEqual({});
  });
});

describe("list items", () => {
  const given = {
    base: "run(alpha, gamma, omega);\n",
    ours: "run(alpha, beta, gamma, omega);\n",
    theirs: "run(alpha, gamma, delta);\n",
  };

  it("puts in what a side added, behind the item it followed, and takes out what a side removed", () => {
    expect(answersOf(listItems, given)).toEqual({
      "list-ours": "run(alpha, beta, gamma, delta);\n",
      "list-theirs": "run(alpha, beta, gamma, delta);\n",
      "list-sorted": "run(alpha, beta, delta, gamma);\n",
    });
  });

  it("keeps the layout of the longer list", () => {
    expect(
      answersOf(listItems, {
        base: "import { a } from 'x';\n",
        ours: "import { a, b } from 'x';\n",
        theirs: "import {\n  a,\n  c,\n} from 'x';\n",
      })["list-ours"],
    ).toBe("import {\n  a,\n  c,\n  b,\n} from 'x';\n");
  });

  it("answers nothing where the lists are of something else", () => {
    expect(mergeItems("f(a, b)", "f(a)", "g(a, c)")).toBeNull();
  });
});

describe("keys", () => {
  it("unites the entries; where both changed a value, ours, theirs or the higher version", () => {
    const answers = answersOf(keyUnion, {
      base: "cli: 1.0.0\nold: 1\nweb: 2.0.0\n",
      ours: "cli: 1.9.0\nnew: 3\nweb: 2.0.0\n",
      theirs: "cli: 1.10.0\nold: 1\nweb: 2.1.0\nmore: 4\n",
      path: "versions.yml",
    });
    expect(answers).toEqual({
      "keys-ours": "cli: 1.9.0\nnew: 3\nweb: 2.1.0\nmore: 4\n",
      "keys-theirs": "cli: 1.10.0\nnew: 3\nweb: 2.1.0\nmore: 4\n",
      "keys-higher": "cli: 1.10.0\nnew: 3\nweb: 2.1.0\nmore: 4\n",
    });
  });

  it("answers nothing in prose", () => {
    expect(answersOf(keyUnion, { ours: "a: 1\n", theirs: "b: 2\n", path: "README.md" })).toEqual({});
  });
});

describe("sorted lines", () => {
  it("puts lines where the alphabet does, capitals beside small letters", () => {
    expect(
      answersOf(sortedInserts, { base: "ant\ncat\n", ours: "ant\ncat\nfox\n", theirs: "ant\nBee\ncat\n" }),
    ).toEqual({
      "insert-sorted-ours": "ant\nBee\ncat\nfox\n",
      "insert-sorted-theirs": "ant\nBee\ncat\nfox\n",
      "sorted-ignoring-case": "ant\nBee\ncat\nfox\n",
    });
  });

  it("takes out what a side removed, and keeps the order of a side that is not sorted", () => {
    expect(
      answersOf(sortedInserts, { base: "z\na\nm\n", ours: "z\nm\n", theirs: "z\na\nm\nb\n" }),
    ).toMatchObject({ "insert-sorted-ours": "b\nz\nm\n", "insert-sorted-theirs": "z\nm\nb\n" });
  });
});
