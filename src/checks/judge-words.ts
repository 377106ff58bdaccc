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
      return `not proved: ${(judgement.troubles[0] ?? "the runs do not tell").replace(/\.$/, "")}`;
  }
}

/** One hunk of a judgement: where that is not about the hunk but about the whole merge, what is said of that. */
export function hunkInWords(hunk: HunkProof, judgement: Judgement): string {
  if (hunk.proven) return provenInWords(judgement.passed);
  return isEvidence(hunk.evidence)
    ? judgementInWords(judgement)
    : judgementInWords({ ...judgement, hunks: [hunk] });
}

function provenInWords(passed: number | null): string {
  return passed === null
    ? "proved by the tests, which run these lines"
    : `proved by ${count(passed, "test")}`;
}

function whyNot({ lostTests, newFailures, hunks, passed }: Judgement): string {
  if (lostTests.total > 0)
    return `${count(lostTests.total, "test")} that one of the branches has ${is(lostTests.total)} gone`;
  if (newFailures.total > 0) {
    return `${count(newFailures.total, "test")} that neither branch has ${newFailures.total === 1 ? "fails" : "fail"}`;
  }
  if (passed === 0) return "no test passed";
  const open = hunks.filter((hunk) => !isEvidence(hunk.evidence));
  if (open.some(({ evidence }) => evidence === "exit-status-only") || passed === null) {
    return "the tests pass, and nothing shows that one of them runs these lines";
  }
  if (open.length > 0 && open.every(({ evidence }) => evidence === "not-measured"))
    return `${count(passed, "test")} ${passed === 1 ? "passes" : "pass"}, and which lines ${passed === 1 ? "it runs" : "they run"} could not be measured`;
  if (open.length === 0) return "the tests end in failure, though each of them passed once";
  return open.length === hunks.length
    ? "no test touches these lines"
    : `no test touches ${open.length} of ${count(hunks.length, "conflict")}`;
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
