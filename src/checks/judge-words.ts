// A judgement as one sentence for people, without a full stop and without names, which are hostile text and the renderer's to escape.
import { isEvidence, type HunkProof, type Judgement } from "./judge.ts";

export function judgementInWords(judgement: Judgement): string {
  switch (judgement.verdict) {
    case "proven":
      return provenInWords(judgement.passed);
    case "not-proven":
      return `not proved: ${whyNot(judgement)}`;
    case "broken":
      return `broken: ${harm(judgement).join("; ")}`;
    case "unknown":
      return `not proved: ${inMidSentence(judgement.troubles[0] ?? "the runs do not tell").replace(/\.$/, "")}`;
  }
}

/** One hunk of a judgement: where that is not about the hunk but about the whole merge, what is said of that. */
export function hunkInWords(hunk: HunkProof, judgement: Judgement): string {
  if (hunk.proven) return provenInWords(judgement.passed);
  return isEvidence(hunk.evidence) ? inBrief(judgement) : inBrief({ ...judgement, hunks: [hunk] });
}

/** A path that was written anew as a whole: no test runs its lines, but all tests ran with it in place. */
export function pathInWords(isProven: boolean, judgement: Judgement): string {
  return isProven ? provenInWords(judgement.passed) : inBrief(judgement);
}

/** What kept the checks from being judged is the same for every row: it is told once, of the whole. */
function inBrief(judgement: Judgement): string {
  return judgement.verdict === "unknown"
    ? "not proved: the checks could not be judged"
    : judgementInWords(judgement);
}

function inMidSentence(trouble: string): string {
  return trouble.replace(/^(?:On|One|There) /, (word) => word.toLowerCase());
}

const provenInWords = (passed: number | null): string => `proved by ${count(passed ?? 0, "test")}`;

function whyNot({ lostTests, newFailures, hunks, passed }: Judgement): string {
  if (lostTests.total > 0)
    return `${count(lostTests.total, "test")} that one of the branches has ${is(lostTests.total)} gone`;
  if (newFailures.total > 0) {
    return `${count(newFailures.total, "test")} that neither branch has ${newFailures.total === 1 ? "fails" : "fail"}`;
  }
  if (passed === 0) return "no test passed";
  return whyNotHere(
    hunks.filter((hunk) => !isEvidence(hunk.evidence)),
    { passed, all: hunks.length },
  );
}

/** What is the matter with these hunks, where nothing is with the merge as a whole. */
function whyNotHere(
  open: readonly HunkProof[],
  { passed, all }: { readonly passed: number | null; readonly all: number },
): string {
  if (open.some(({ evidence }) => evidence === "exit-status-only") || passed === null) {
    return "the tests pass, and nothing shows that one of them runs these lines";
  }
  if (open.length === 0) return "the tests end in failure, though each of them passed once";
  if (open.every(({ evidence }) => evidence === "not-measured"))
    return `${count(passed, "test")} ${passed === 1 ? "passes" : "pass"}, and ${unmeasured(passed, open.length, all)} could not be measured`;
  return open.length === all
    ? "no test touches these lines"
    : `no test touches ${open.length} of ${count(all, "conflict")}`;
}

function unmeasured(passed: number, open: number, all: number): string {
  const run = passed === 1 ? "it runs" : "they run";
  return open === all
    ? `which lines ${run}`
    : `whether ${run} the lines of ${open} of ${count(all, "conflict")}`;
}

function harm({ brokenTests, typeErrors, failedCommands }: Judgement): readonly string[] {
  const tests = brokenTests.total;
  const errors = typeErrors.total;
  const commands = failedCommands.filter((name) =>
    name === "test" ? tests === 0 : name === "typecheck" ? errors === 0 : true,
  );
  return [
    ...(tests > 0
      ? [`${count(tests, "test")} that passed before no longer ${tests === 1 ? "does" : "do"}`]
      : []),
    ...(errors > 0 ? [`${count(errors, "type error")} that neither branch has`] : []),
    ...commands.map((name) => `\`${name}\` passes on both branches and fails on the merge`),
  ];
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function is(number: number): string {
  return number === 1 ? "is" : "are";
}
