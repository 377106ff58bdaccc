// No test may say less than it did: whatever an agent wrote, the tests of the result still check what those of the head check.
import type { Verifier } from "../core/agent.ts";
import { decidesTests, isTestPath } from "../core/test-paths.ts";
import type { Blob, Workspace } from "../core/workspace.ts";
import { weakenings } from "./weakened/weakenings.ts";

const shown = 20;

export const noWeakenedTests: Verifier = {
  name: "no-weakened-tests",
  async verify(_task, _outcome, { workspace }) {
    const paths = (await changedPaths(workspace)).filter((path) => isTestPath(path) || decidesTests(path));
    const changed = new Set(paths);
    const found: string[] = [];
    for (const path of paths) {
      if (hasItsTest(path, changed)) continue;
      const [before, after] = await Promise.all([
        workspace.readPath("head", path),
        workspace.readPath("result", path),
      ]);
      for (const words of await weakenings(path, textOf(before), textOf(after)))
        found.push(`${path}: ${words}`);
    }
    const more = found.length - shown;
    const evidence = [...found.slice(0, shown), ...(more > 0 ? [`and ${more} more`] : [])];
    return { verifier: "no-weakened-tests", passed: found.length === 0, evidence };
  },
};

/** What the result has otherwise than the head. Where the base is merged in, what it brings is its own. */
async function changedPaths(workspace: Workspace): Promise<readonly string[]> {
  const tree = await workspace.tree();
  if (tree === null) return workspace.written();
  const sinceHead = (await workspace.changesSince("head", tree)).map(({ path }) => path);
  if (workspace.status === "not-merged") return sinceHead;
  const sinceBase = new Set((await workspace.changesSince("base", tree)).map(({ path }) => path));
  const written = new Set(workspace.written());
  return sinceHead.filter((path) => sinceBase.has(path) && written.has(path));
}

/** A snapshot that changes with its test is judged as a new expected value is: by a person. */
function hasItsTest(path: string, changed: ReadonlySet<string>): boolean {
  const snapshot = /^(.*?)(?:__snapshots__\/)?([^/]+)\.snap$/.exec(path);
  return snapshot !== null && changed.has(`${snapshot[1] ?? ""}${snapshot[2] ?? ""}`);
}

function textOf(blob: Blob | null): string | null {
  return blob === null ? null : new TextDecoder().decode(blob.bytes);
}
