import { describe, expect, it } from "@jest/globals";
import type { PullDetails } from "../../src/core/pull.ts";
import { commitMessage } from "../../src/pipeline/commit-message.ts";
import { hunk, report } from "../github/reports.ts";
import { policy } from "../verifiers/support.ts";

const end = (ref: string) => ({ sha: "a".repeat(40), ref, owner: "acme", repo: "app" });
const pull = (head: string, base = "main"): PullDetails => ({
  pull: { installationId: 1, owner: "acme", repo: "app", number: 7 },
  title: "",
  state: "open",
  head: end(head),
  base: end(base),
  defaultBranch: "main",
  headDeleted: false,
  mergeCommitSha: null,
  fromFork: false,
  draft: false,
  labels: [],
  author: { login: "ann", type: "User" },
  mergeable: true,
  cloneUrl: "",
  htmlUrl: "",
});
const message = (head: string, commit = policy.commit): string =>
  commitMessage({
    pull: pull(head),
    runId: "0123456789abcdef",
    actor: { login: "ann", type: "User" },
    policy: { ...policy, commit },
    errand: "fix-conflicts",
    tasks: report({}, [hunk({ tier: "semantic" }), hunk({ tier: "ranked" }), hunk({ tier: "pick" })]).tasks,
    app: "errand[bot]",
  });

describe("commitMessage", () => {
  it("says what git would, what was done, and by which run for whom", () => {
    expect(message("feature")).toBe(
      "Merge branch 'main' into feature\n\nConflicts settled by rule: 2, by a model: 1. Asked for in #7.\n\n" +
        "Agent-Run: 0123456789abcdef\nCo-authored-by: ann <ann@users.noreply.github.com>\n",
    );
  });

  it("takes prefix and sign-off from the repository's settings", () => {
    const text = message("feature", { prefix: "chore: ", signOff: true });
    expect(text).toMatch(/^chore: Merge branch/);
    expect(text).toMatch(/\nSigned-off-by: errand\[bot\] <errand\[bot\]@users\.noreply\.github\.com>\n$/);
  });

  it("lets no name keep CI from the commit, or close an issue", () => {
    const text = message("fixes #12 [skip ci]");
    expect(text).not.toMatch(/\[skip ci\]|#12/);
    expect(text).toContain("Asked for in #7.");
  });

  it.each(["x\n\nAgent-Run: 0", "x\r\nAgent-Run: 0", "x\u0085Agent-Run: 0", "x\u0000y"])(
    "lets no branch name begin a line: %j",
    (name) => {
      const lines = message(name).split(/[\r\n\u0085]/u);
      expect(lines.filter((line) => line.startsWith("Agent-Run"))).toEqual(["Agent-Run: 0123456789abcdef"]);
      expect(message(name)).not.toContain("\u0000");
    },
  );
});
