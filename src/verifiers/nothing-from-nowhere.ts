// Every word of a merged file comes from one of its sides.
import type { Verifier } from "../core/agent.ts";
import { tokensFromNowhere } from "../merge/check/provenance.ts";
import { writtenSides } from "./sides.ts";
import { writtenByTool } from "./written-by-tool.ts";

export const nothingFromNowhere: Verifier = {
  name: "nothing-from-nowhere",
  async verify(_task, outcome, { workspace, policy }) {
    const byTool = writtenByTool(outcome, policy);
    const evidence = (await writtenSides(workspace)).flatMap(({ path, base, ours, theirs, result }) => {
      // What a tool writes anew has words of its own; what they may be is checked where it is written.
      if (byTool.has(path)) return [];
      const strange = tokensFromNowhere(result ?? "", [base, ours, theirs]);
      return strange.length === 0 ? [] : [`${path}: ${strange.slice(0, 10).join(" ")}`];
    });
    return { verifier: "nothing-from-nowhere", passed: evidence.length === 0, evidence };
  },
};
