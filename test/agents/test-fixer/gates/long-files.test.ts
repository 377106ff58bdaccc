// Files of more lines than a call takes arguments: generated ones, and what a formatter has put into form.
import { describe, expect, it } from "@jest/globals";
import { minimise } from "../../../../src/agents/test-fixer/gates/minimise.ts";
import { unifiedDiff } from "../../../../src/agents/test-fixer/gates/unified-diff.ts";

const lines = 300_000;
const text = (word: string) => Array.from({ length: lines }, (_, n) => `${word} ${n}\n`).join("");
const edit = { path: "src/table.js", before: text("old"), after: text("new") };

describe("a file of very many lines", () => {
  it("is made smaller as others are", async () => {
    const two = { ...edit, after: `${edit.before}needed\n` };
    const small = { path: "src/a.js", before: "a\n", after: "b\n" };
    const kept = await minimise([two, small], (edits) => Promise.resolve(edits.includes(two)), 5);
    expect(kept.map(({ path }) => path)).toContain("src/table.js");
    const anew = await minimise([edit, small], () => Promise.resolve(false), 5);
    expect(anew.find(({ path }) => path === edit.path)?.after).toBe(edit.after);
  }, 60_000);

  it("is shown whole", () => {
    const diff = unifiedDiff([edit]);
    expect(diff.split("\n").filter((line) => line.startsWith("+new "))).toHaveLength(lines);
  }, 60_000);
});
