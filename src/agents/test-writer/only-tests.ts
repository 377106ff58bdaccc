// The test writer writes tests and nothing else, and no line of a test that was there goes.
import type { Verifier } from "../../core/agent.ts";
import { decidesTests, isTestPath } from "../../core/test-paths.ts";
import { keepsLines } from "./compose.ts";

export const onlyTests: Verifier = {
  name: "only-tests",
  async verify(_task, _outcome, { workspace }) {
    const evidence: string[] = [];
    for (const path of workspace.written()) {
      if (!isTestPath(path) || decidesTests(path)) evidence.push(`${path} is no test`);
      const [before, after] = await Promise.all([
        workspace.readPath("head", path),
        workspace.readPath("result", path),
      ]);
      const text = (side: typeof before) => Buffer.from(side?.bytes ?? []).toString("utf8");
      if (after === null || !keepsLines(text(before), text(after)))
        evidence.push(`${path} lost lines that it had`);
    }
    return { verifier: "only-tests", passed: evidence.length === 0, evidence };
  },
};
