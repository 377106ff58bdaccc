// Lists every addition of either side that the result lacks, so that a person sees it. Judging is the push rule's: this always passes.
import type { Verifier } from "../core/agent.ts";
import { droppedAdditions } from "../merge/check/dropped.ts";
import { writtenSides } from "./sides.ts";
import { writtenByTool } from "./written-by-tool.ts";

/** More than this per run says nothing more to a reader. */
const shownLines = 20;

export const listsDropped: Verifier = {
  name: "dropped-additions",
  async verify(_task, outcome, { workspace, policy }) {
    const byTool = writtenByTool(outcome, policy);
    const sidesOfText = (await writtenSides(workspace)).filter(({ path }) => !byTool.has(path));
    const dropped = sidesOfText.flatMap((sides) =>
      droppedAdditions({ ...sides, result: sides.result ?? "" }).map(
        ({ side, line }) => `${sides.path}: ${side} added: ${line}`,
      ),
    );
    const more = dropped.length - shownLines;
    const evidence = [...dropped.slice(0, shownLines), ...(more > 0 ? [`and ${more} more`] : [])];
    return { verifier: "dropped-additions", passed: true, evidence };
  },
};
