// The sticky comment: what is running, what was answered, the newest report, and the runs before it.
import type { CommentView } from "../../core/render.ts";
import type { Run } from "../../core/run.ts";
import { codeSpan, fit, prose } from "./markdown.ts";
import { hunksOf, hunkTable, modelHunks, openHunks } from "./hunks.ts";
import { modelList } from "./models.ts";
import { patchBlock } from "./patch.ts";
import { renderReply } from "./replies.ts";
import { proofParagraph } from "./proof.ts";
import { headline, noteList, problemList, verdictList } from "./report.ts";
import { stickyMarker } from "./marker.ts";
import { bestPatchBlock, fixSection } from "./fix.ts";
import { footer, headingOf, nextStepOf } from "./words.ts";
import { writtenSection } from "./written.ts";

/** GitHub takes 65,536 characters; the rest is for what it adds itself. */
const commentLimit = 60_000;

/** Characters for each part, so that one cannot crowd out the others. They sum to less than the limit; what models settled gets what is left, and then the patch. */
const room = {
  reply: 6_000,
  running: 3_000,
  summary: 4_000,
  proof: 4_000,
  notes: 3_000,
  problems: 3_000,
  verdicts: 5_000,
  models: 3_000,
  table: 12_000,
  open: 12_000,
  history: 3_000,
};

/** Characters for saying that there is no room for the patch, and what to do instead. */
const noPatch = 2_000;

/** Markdown of at most `commentLimit` characters, whatever is in the view. The marker comes first. */
export function renderComment(view: CommentView): string {
  const above = [
    stickyMarker,
    view.reply ? renderReply(view.reply, room.reply) : "",
    view.running ? running(view.running) : "",
  ];
  const below = [history(view.history), "---", footer];
  const used = length(above) + length(below);
  const report = view.report ? reportParts(view, commentLimit - used) : [];
  return join([...above, ...report, ...below]);
}

function reportParts({ report, pull }: CommentView, budget: number): string[] {
  if (!report) return [];
  const hunks = hunksOf(report);
  const parts = [
    headline(report, room.summary),
    nextStepOf(report),
    proofParagraph(report, room.proof),
    fixSection(report, room.table),
    writtenSection(report, room.table),
    bestPatchBlock(report, room.open),
    hunkTable(hunks, room.table),
    openHunks(hunks, room.open),
  ];
  const after = [
    verdictList(report, room.verdicts),
    modelList(report, room.models),
    problemList(report, room.problems),
    noteList(report, room.notes),
  ];
  const left = budget - length(parts) - length(after) - 100;
  const settled = modelHunks(hunks, report.ending, left - noPatch);
  const patch = patchBlock(report, pull, left - length([settled]));
  return [...parts, settled, patch, ...after];
}

function running({ actor, verb, steps }: NonNullable<CommentView["running"]>): string {
  // From the end: what is being done now matters more than what was done first.
  const { kept } = fit(steps.slice(-20).toReversed(), room.running, (step) => `- ${prose(step, 200)}`);
  return [`**Working** on \`/agent ${verb}\` for ${codeSpan(actor, 100)}`, "", ...kept.toReversed()].join(
    "\n",
  );
}

function history(runs: readonly Run[]): string {
  if (runs.length === 0) return "";
  const { kept } = fit(runs, room.history, historyLine);
  return ["**Earlier runs**", "", ...kept].join("\n");
}

function historyLine({ startedAt, command, report }: Run): string {
  const at = new Date(startedAt).toISOString().slice(0, 16).replace("T", " ");
  const ending = report ? headingOf(report) : "no report";
  return `- ${at} UTC, \`${command.verb}\` by ${codeSpan(command.actor.login, 100)}: ${ending}`;
}

const length = (parts: readonly string[]): number => join(parts).length + 2;
const join = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");
