// Settles merge conflicts hunk by hunk: by rule, then by models where there are any. What neither settles stays for a person, the rest is delivered.
import type { Agent, AgentContext } from "../../core/agent.ts";
import type { Conflict } from "../../core/conflict.ts";
import { matchesAnyGlob } from "../../core/glob.ts";
import type { HunkReport, ModelWork } from "../../core/task.ts";
import { listsDropped } from "../../verifiers/dropped-additions.ts";
import { inScope } from "../../verifiers/in-scope.ts";
import { noMarkers } from "../../verifiers/no-markers.ts";
import { nothingFromNowhere } from "../../verifiers/nothing-from-nowhere.ts";
import { parses } from "../../verifiers/parses.ts";
import { protectedPaths } from "../../verifiers/protected-paths.ts";
import { mostAskedHunks } from "./limits.ts";
import { openPath } from "./rows.ts";
import type { Settled } from "../../merge/siblings.ts";
import { settleFile } from "./settle-file.ts";
import type { SettledFile, SoFar } from "./settle-file.ts";

export const conflictResolver: Agent = {
  name: "conflict-resolver",
  order: 10,
  verifiers: [noMarkers, parses, inScope, nothingFromNowhere, listsDropped, protectedPaths],

  propose({ conflicts }) {
    if (conflicts.length === 0) return [];
    return [
      {
        agent: "conflict-resolver",
        goal: "Settle merge conflicts",
        paths: conflicts.map(({ path }) => path),
      },
    ];
  },

  async run(task, context) {
    const hunks: HunkReport[] = [];
    const certain: Settled[] = [];
    let work: ModelWork = { callsSaved: 0, wholeFiles: { inputTokens: 0, outputTokens: 0 } };
    let hunksLeft = mostAskedHunks;
    for (const conflict of context.workspace.conflicts.filter(({ path }) => task.paths.includes(path))) {
      context.signal.throwIfAborted();
      const file = await settle(conflict, context, { certain, hunksLeft });
      const { rows } = file;
      for (const row of rows) hunks.push(row);
      for (const hunk of file.certain) certain.push(hunk);
      work = file.work === null ? work : sumOf(work, file.work);
      hunksLeft -= file.asked;
      const settled = rows.filter((row) => row.settled).length;
      context.record({ step: "settle", detail: `${conflict.path}: ${settled} of ${rows.length} settled` });
    }
    const settled = hunks.filter((hunk) => hunk.settled).length;
    if (settled === 0) {
      const nobody = hunksLeft < mostAskedHunks ? "Neither a rule nor a model" : "No rule";
      return { status: "unchanged", reason: `${nobody} settles any of these conflicts.`, hunks, work };
    }
    return { status: "changed", summary: `${settled} of ${hunks.length} settled`, hunks, work };
  },
};

function sumOf(one: ModelWork, other: ModelWork): ModelWork {
  return {
    callsSaved: one.callsSaved + other.callsSaved,
    wholeFiles: {
      inputTokens: one.wholeFiles.inputTokens + other.wholeFiles.inputTokens,
      outputTokens: one.wholeFiles.outputTokens + other.wholeFiles.outputTokens,
    },
  };
}

async function settle(conflict: Conflict, context: AgentContext, soFar: SoFar): Promise<SettledFile> {
  const why = forPeople(conflict, context);
  if (why !== null) return { rows: [openPath(conflict, why)], certain: [], work: null, asked: 0 };
  return settleFile(conflict, context, soFar);
}

/** Why a path is not looked into; `null` where it is. */
function forPeople({ path, kind, explanation }: Conflict, { policy }: AgentContext): string | null {
  if (matchesAnyGlob(policy.conflicts.ignore, path))
    return "This repository's settings leave this path to people (conflicts.ignore).";
  if (matchesAnyGlob(policy.protectedPaths, path)) {
    const what = "This path is protected: it decides what runs, who reviews, or what agents are told.";
    return `${what} A conflict in it is for a person.`;
  }
  return kind === "content" || kind === "both-added" ? null : explanation;
}
