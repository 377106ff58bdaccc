// A protected path keeps the bytes of one parent: neither an agent nor git's own merge may make a third version of it.
import type { Verifier } from "../core/agent.ts";
import { matchesAnyGlob } from "../core/glob.ts";

export const protectedPaths: Verifier = {
  name: "protected-paths",
  async verify(_task, _outcome, { workspace, policy }) {
    const tree = (await workspace.tree()) ?? workspace.gitTree;
    if (tree === null) return { verifier: "protected-paths", passed: true, evidence: [] };
    const [sinceHead, sinceBase] = await Promise.all([
      workspace.changesSince("head", tree),
      workspace.changesSince("base", tree),
    ]);
    const alsoNotBase = new Set(sinceBase.map(({ path }) => path));
    const open = new Set(workspace.conflicts.map(({ path }) => path));
    const written = new Set(workspace.written());
    const evidence = sinceHead
      .map(({ path }) => path)
      .filter((path) => alsoNotBase.has(path) && matchesAnyGlob(policy.protectedPaths, path))
      // Git's tree holds markers where a conflict is open: that is no version of ours.
      .filter((path) => !open.has(path) || written.has(path))
      .map((path) => `${path} is protected, and the merge would give it a version that neither side has`);
    return { verifier: "protected-paths", passed: evidence.length === 0, evidence };
  },
};
