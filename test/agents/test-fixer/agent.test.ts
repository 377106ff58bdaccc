// The agent around the loop: what it proposes, what it writes and keeps, and the same edits again without a model.
import { describe, expect, it } from "@jest/globals";
import { testFixer } from "../../../src/agents/test-fixer/index.ts";
import { proveAgain } from "../../../src/agents/test-fixer/prove-again.ts";
import type { KeptEdits } from "../../../src/core/fix.ts";
import { Outcome } from "../../../src/core/task.ts";
import { editsInScope } from "../../../src/verifiers/edits-in-scope.ts";
import { contextOf, fakeWorkspace, policy, taskOf } from "../../verifiers/support.ts";
import { fenced } from "./models.ts";
import { broken, fix, largest, repository, rightMax, wrongMax } from "./support.ts";
import { worldOf } from "./world.ts";

const facts = { args: [], headSha: "a", baseSha: "b", conflicts: [], policy };

describe("the agent", () => {
  it("has one task for failing checks, and none for other errands", () => {
    expect(testFixer.propose({ ...facts, errand: "fix-tests" })).toHaveLength(1);
    expect(testFixer.propose({ ...facts, errand: "fix-conflicts" })).toEqual([]);
  });

  it("says why it can do nothing where no code can be run, and writes nothing", async () => {
    const world = worldOf(broken);
    const workspace = {
      ...fakeWorkspace({}),
      ...world.trees,
      parentTree: (side: "head" | "base") => Promise.resolve(side),
      mergeBaseTree: () => Promise.resolve(null),
    };
    const outcome = Outcome.parse(await testFixer.run(taskOf(), contextOf(workspace)));
    expect(outcome).toMatchObject({ status: "gave-up", fix: { ending: "not-run" } });
    expect(outcome.status === "gave-up" && outcome.reason).toContain("This test runs no code.");
    expect(workspace.written()).toEqual([]);
  });
});

describe("edits that were kept", () => {
  const kept = async (): Promise<{ fix: NonNullable<KeptEdits["fix"]>; edits: KeptEdits["edits"] }> => {
    const { report, edits } = await fix(broken, { script: { small: () => fenced(rightMax) } });
    return { fix: report, edits: [...edits].map(([path, text]) => ({ path, text })) };
  };

  it("are written again after one run of the whole suite", async () => {
    const { trees, suite, requests } = worldOf(broken);
    const before = await kept();
    const { report, edits } = await proveAgain(
      before,
      { head: "head", base: "base" },
      { trees, suite, record: () => undefined },
    );
    expect(requests).toHaveLength(1);
    expect(report).toMatchObject({ ending: "fixed", edits: "source", words: before.fix.words });
    expect(edits.get("src/list.js")).toBe(repository(rightMax)["src/list.js"]);
  });

  it("are not, where the tests do not pass with them any more", async () => {
    const before = await kept();
    const edits = before.edits.map(({ path, text }) => ({ path, text: text.replace(rightMax, wrongMax) }));
    for (const options of [broken, { ...broken, stopped: true }]) {
      const { trees, suite } = worldOf(options);
      const again = await proveAgain(
        { ...before, edits: options === broken ? edits : before.edits },
        { head: "head", base: "base" },
        { trees, suite, record: () => undefined },
      );
      expect(again.report).toMatchObject({ ending: "unfixed", edits: null });
      expect(again.edits.size).toBe(0);
    }
  });

  it("are not, where another test passes in place of one that did", async () => {
    const before = await kept();
    const { trees, suite } = worldOf(broken);
    const wrong = before.edits.map(({ path, text }) => ({ path, text: text.replace(rightMax, wrongMax) }));
    const more = { path: "test/new.test.js", text: 'test("more", () => {});\n' };
    const again = await proveAgain(
      { ...before, edits: [...wrong, more] },
      { head: "head", base: "base" },
      { trees, suite, record: () => undefined },
    );
    expect(again.report.words).toContain(largest);
    expect(again.edits.size).toBe(0);
  });

  it("carry the table that they are held against", async () => {
    expect((await kept()).fix.rows[0]).toMatchObject({ id: largest, result: "passed" });
  });
});

describe("the scope of edits", () => {
  const verdict = async (edits: "source" | "tests" | "format" | null, ...paths: string[]) => {
    const workspace = fakeWorkspace({ written: Object.fromEntries(paths.map((path) => [path, "x"])) });
    const { report } = await fix({ base: null, head: repository(rightMax) });
    const outcome: Outcome = { status: "changed", summary: "", hunks: [], fix: { ...report, edits } };
    return (await editsInScope.verify(taskOf(), outcome, contextOf(workspace))).passed;
  };

  it("is source or tests, never both, and nothing that decides what runs", async () => {
    expect(await verdict("source", "src/a.js")).toBe(true);
    expect(await verdict("source", "src/a.js", "test/a.test.js")).toBe(false);
    expect(await verdict("tests", "test/a.test.js")).toBe(true);
    expect(await verdict("tests", "src/a.js")).toBe(false);
    expect(await verdict("format", "src/a.js", "test/a.test.js")).toBe(true);
    expect(await verdict("format", "package.json")).toBe(false);
    expect(await verdict("source", ".github/workflows/ci.yml")).toBe(false);
    expect(await verdict(null, "src/a.js")).toBe(false);
  });
});
