// No conflict marker may be pushed; one that a parent already has is that parent's own.
import type { Verifier } from "../core/agent.ts";
import { newMarkers } from "../merge/check/markers.ts";
import { writtenSides } from "./sides.ts";

export const noMarkers: Verifier = {
  name: "no-markers",
  async verify(_task, _outcome, { workspace }) {
    const evidence = (await writtenSides(workspace)).flatMap(({ path, ours, theirs, result }) =>
      newMarkers(result ?? "", [ours, theirs]).map((line) => `${path}: ${line}`),
    );
    return { verifier: "no-markers", passed: evidence.length === 0, evidence };
  },
};
