// What the repository's own checks showed of the result.
import type { Report } from "../../core/report.ts";
import type { Proof } from "../../core/task.ts";
import { proseWithin } from "./markdown.ts";

const headings: Readonly<Record<Proof["verdict"], string>> = {
  proven: "Proved by this repository's own checks",
  "not-proven": "Not proved",
  broken: "This repository's own checks fail on the result",
  unknown: "Not proved: the checks could not be judged",
  "not-run": "Not proved: nothing was run",
};

/** A paragraph for each result that was, or was to be, checked; "" where there was nothing to check. */
export function proofParagraph({ tasks }: Pick<Report, "tasks">, budget: number): string {
  const proofs = tasks.flatMap(({ outcome }) => outcome.proof ?? []);
  return proofs
    .map(({ verdict, words }) => `**${headings[verdict]}.** ${proseWithin(words, budget)}`)
    .join("\n\n");
}
