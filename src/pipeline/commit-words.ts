// Subject and first sentence of a commit, by errand.
import type { Errand } from "../core/command.ts";
import type { FixReport } from "../core/fix.ts";
import type { PullDetails } from "../core/pull.ts";
import type { TaskReport } from "../core/report.ts";
import { ModelTier } from "../core/task.ts";
import type { HunkReport } from "../core/task.ts";

export interface CommitWords {
  readonly subject: string;
  readonly body: string;
}

/** Names of people, branches and functions are hostile: one line, no control characters, nobody mentioned. */
export const oneLine = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .replaceAll("@", "@\u200b")
    .trim();

/** As that, and no issue is closed by it, nor is CI kept from the commit: "[skip ci]". */
const inert = (text: string): string =>
  oneLine(text)
    .replaceAll("[", "[\u200b")
    .replace(/#(?=\d)/g, "#\u200b");

/** Characters of a subject: git's own advice is 50, what most tools show is 72. */
const subjectLength = 72;

export function commitWords(
  errand: Errand,
  tasks: readonly TaskReport[],
  { base, head }: Pick<PullDetails, "base" | "head">,
): CommitWords {
  switch (errand) {
    case "fix-conflicts":
      return {
        subject: `Merge branch '${inert(base.ref)}' into ${head ? inert(head.ref) : "the pull request"}`,
        body: settledInWords(tasks.flatMap(({ outcome }) => outcome.hunks)),
      };
    case "fix-tests":
      return fixWords(tasks);
    case "write-tests":
      return writtenWords(tasks);
  }
}

/** "Conflicts settled by rule: 3, by tests: 2, by a model: 1." */
function settledInWords(hunks: readonly Pick<HunkReport, "tier">[]): string {
  const byModel = hunks.filter(({ tier }) => ModelTier.safeParse(tier).success).length;
  const byTests = hunks.filter(({ tier }) => tier === "proven").length;
  const others = [
    ...(byTests === 0 ? [] : [`, by tests: ${byTests}`]),
    ...(byModel === 0 ? [] : [`, by a model: ${byModel}`]),
  ];
  return `Conflicts settled by rule: ${hunks.length - byTests - byModel}${others.join("")}.`;
}

function fixWords(tasks: readonly TaskReport[]): CommitWords {
  const fix = tasks.flatMap(({ outcome }) => outcome.fix ?? [])[0];
  if (fix?.edits === "format")
    return { subject: "Format as this repository's tools do", body: "Written by its own formatter." };
  const mended = fix?.rows.filter(({ head, result }) => head === "failed" && result === "passed").length ?? 0;
  const name = fix?.places[0]?.name;
  const what = fix === undefined ? "Fix failing tests" : whatItDoes(fix);
  const body =
    mended === 0
      ? "Checked by this repository's own commands."
      : `${mended} failing ${mended === 1 ? "test passes" : "tests pass"} with it, and every test that passed still does.`;
  return { subject: shortened(name === undefined ? what : `${what} in ${name}`), body };
}

function whatItDoes({ edits, kind }: FixReport): string {
  if (edits === "tests") return "Correct a test";
  return kind === "type" ? "Fix type errors" : "Fix failing tests";
}

function writtenWords(tasks: readonly TaskReport[]): CommitWords {
  const functions = tasks.flatMap(({ outcome }) => outcome.written?.functions ?? []);
  const kept = functions.filter((one) => one.kept.length > 0);
  const tests = kept.reduce((sum, one) => sum + one.kept.length, 0);
  const noticed = kept.reduce((sum, one) => sum + one.killedAfter - one.killedBefore, 0);
  return {
    subject: shortened(`Add tests for ${kept.map(({ name }) => name).join(", ")}`),
    body: `${tests} ${tests === 1 ? "test" : "tests"}, which notice ${noticed} more planted ${noticed === 1 ? "fault" : "faults"}.`,
  };
}

function shortened(subject: string): string {
  const line = inert(subject);
  return line.length <= subjectLength ? line : `${line.slice(0, subjectLength - 1).trimEnd()}…`;
}
