// A result may not have more syntax errors than the worse of its parents.
import type { Verifier } from "../core/agent.ts";
import { writtenSides } from "./sides.ts";

export const parses: Verifier = {
  name: "parses",
  async verify(_task, _outcome, { workspace, merge }) {
    const found = await Promise.all(
      (await writtenSides(workspace)).map(async ({ path, ours, theirs, result }) => {
        if (result === null) return [];
        const errors = await merge.parseErrors(path, { ours, theirs, result });
        return errors ? [`${path}: ${errors}`] : [];
      }),
    );
    const evidence = found.flat();
    return { verifier: "parses", passed: evidence.length === 0, evidence };
  },
};
