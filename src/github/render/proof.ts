// What the repository's own checks showed of the result.
import type { Report } from "../../core/report.ts";
import type { Proof } from "../../core/task.ts";
import { proseWithin } from "./markdown.ts";

/** The words that follow say themselves what is proved. */
const headings: Readonly<Record<Proof["verdict"], string>> = {
  proven: "This repository's own checks",
  "not-proven": "This repository's own checks",
  broken: "This repository's own checks fail on the result",
  unknown: "This repository's own checks",
  "not-run": "Not checked",
};

/** A paragraph for each result that was, or was to be, checked; "" where there was nothing to check. */
export function proofParagraph({ tasks }: Pick<Report, "tasks">, budget: number): string {
  const proofs = tasks.flatMap(({ outcome }) => outcome.proof ?? []);
  return proofs
    .map(({ verdict, words }) => `**${headings[verdict]}.** ${proseWithin(words, budget)}`)
    .join("\n\n");
}
