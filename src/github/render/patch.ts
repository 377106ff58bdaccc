// What was settled, as commands that a person can paste into a shell: every name quoted, no text able to end the patch early.
import type { CommentView } from "../../core/render.ts";
import type { Report } from "../../core/report.ts";
import { hasHidden } from "../text.ts";
import { details, fence, shellWord } from "./markdown.ts";

type Pull = CommentView["pull"];

/** The patch with its commands, or why it is not here and what to do instead. "" when the report has none. */
export function patchBlock(report: Report, pull: Pull, budget: number): string {
  const local = localCommand(report, pull);
  if (report.patch === null || report.patch === "")
    return local === "" || !hasOpen(report) ? "" : orLocally(local);
  const otherwise = local === "" ? "" : `\n\n${orLocally(local)}`;
  const what = report.errand === "fix-conflicts" ? "what was settled" : "the result";
  const tooLarge = `The patch of ${what} is too large for a comment.${otherwise}`;
  if (report.patch.length > budget) return tooLarge;
  const block = pasteable(report.patch, report, pull);
  if (block === null) {
    return `The patch of ${what} holds names or characters that do not survive a comment.${otherwise}`;
  }
  const whole = details(`Patch of ${what}, to paste into a shell`, `${block}${otherwise}`);
  return whole.length <= budget ? whole : tooLarge;
}

const hasOpen = (report: Report): boolean =>
  report.tasks.some(({ outcome }) => outcome.hunks.some(({ settled }) => !settled));

const orLocally = (command: string): string =>
  `The same on your machine, where the \`errand\` command is installed:\n\n${command}`;

function localCommand(report: Report, pull: Pull): string {
  if (report.errand === "fix-tests") return fence("errand fix-tests\n", "sh");
  if (report.errand === "write-tests") return "";
  const base = pull?.base.ref ?? report.baseRef;
  if (base === null || !isPasteable(base)) return "";
  return fence(`git fetch origin && errand resolve --merge ${shellWord(`origin/${base}`)}\n`, "sh");
}

/** `null` when a name or the patch cannot be copied out of a comment byte for byte. */
function pasteable(patch: string, report: Report, pull: Pull): string | null {
  const checkout = checkoutCommand(pull);
  const merge = report.errand === "fix-conflicts" ? mergeCommands(patch, report, pull) : [];
  if (checkout === null || merge === null || hasHidden(patch)) return null;
  const end = delimiterFor(patch);
  const commands = [
    `git fetch origin && ${checkout}`,
    ...merge,
    `git apply <<'${end}'`,
    `${patch}${patch.endsWith("\n") ? "" : "\n"}${end}`,
  ];
  return fence(`${commands.join("\n")}\n`, "sh");
}

/** The merge that the patch is applied in; `null` when a name cannot be copied out of a comment. */
function mergeCommands(patch: string, report: Report, pull: Pull): readonly string[] | null {
  const base = pull?.base.ref ?? report.baseRef;
  const files = filesIn(patch, report);
  if (base === null || !isPasteable(base) || files.length === 0 || files.some(hasHidden)) return null;
  return [
    `git merge ${shellWord(`origin/${base}`)}   # stops at the conflicts`,
    `git checkout --ours -- ${files.map(shellWord).join(" ")}`,
  ];
}

function checkoutCommand(pull: Pull): string | null {
  if (pull === null) return "true   # be on the pull request's branch";
  if (pull.fromFork || pull.head === null) return `gh pr checkout ${pull.pull.number}`;
  return isPasteable(pull.head.ref) ? `git switch ${shellWord(pull.head.ref)}` : null;
}

/** A leading dash would be an option to git, quoted or not; 255 bytes is what GitHub allows a branch name. */
const isPasteable = (name: string): boolean =>
  name.length <= 255 && !hasHidden(name) && !name.startsWith("-") && !/\s/u.test(name);

/** Paths of the report that the patch has a header for, in the form git gives to a name that needs no quoting. */
function filesIn(patch: string, report: Report): string[] {
  const lines = new Set(patch.split("\n").map((line) => line.replace(/\t$/, "")));
  const paths = new Set(report.tasks.flatMap(({ outcome }) => outcome.hunks.map(({ path }) => path)));
  return [...paths].filter((path) => lines.has(`+++ b/${path}`) || lines.has(`--- a/${path}`));
}

/** A line of the patch that equals the delimiter would end it, and the shell would run what follows. */
function delimiterFor(patch: string): string {
  const lines = new Set(patch.split("\n"));
  let end = "ERRAND_PATCH";
  for (let n = 1; lines.has(end); n++) end = `ERRAND_PATCH_${n}`;
  return end;
}
