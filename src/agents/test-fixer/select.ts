// Which of several candidates that passed becomes the result.
import type { Models } from "../../core/models.ts";
import type { Judgement } from "./aim.ts";
import type { Tried } from "./rounds.ts";
import { linesOf } from "./answers/line-ends.ts";

/** The judgement of the candidate that becomes the result; `null` where there is none. The ledger is told which others passed and settled nothing. */
export async function settled(
  accepted: readonly Tried[],
  models: Pick<Models, "note">,
): Promise<Judgement | null> {
  const best = selected(accepted);
  if (best === null) return null;
  const callIds = accepted.flatMap((one) => (one === best ? [] : one.callIds));
  if (callIds.length > 0) await models.note(callIds, { accepted: false });
  return best.judgement;
}

/** One without doubts before one with, then the smallest change, then the likelier place; `null` where there is none. */
function selected(accepted: readonly Tried[]): Tried | null {
  const [first] = accepted.toSorted(
    (a, b) =>
      Number(a.judgement.doubts.length > 0) - Number(b.judgement.doubts.length > 0) ||
      sizeOf(a.judgement) - sizeOf(b.judgement) ||
      a.place - b.place,
  );
  return first ?? null;
}

/** Lines that are only before or only after, by how often each occurs. */
function sizeOf({ edits }: Judgement): number {
  return edits.reduce((sum, { before, after }) => {
    const counts = new Map<string, number>();
    for (const line of linesOf(before)) counts.set(line, (counts.get(line) ?? 0) - 1);
    for (const line of linesOf(after)) counts.set(line, (counts.get(line) ?? 0) + 1);
    return sum + [...counts.values()].reduce((all, count) => all + Math.abs(count), 0);
  }, 0);
}
