// Settles merge conflicts by rule, hunk by hunk; what no rule settles stays for a person, the rest is delivered.
import type { Agent, AgentContext } from "../../core/agent.ts";
import type { Conflict } from "../../core/conflict.ts";
import { matchesAnyGlob } from "../../core/glob.ts";
import type { HunkReport } from "../../core/task.ts";
import { listsDropped } from "../../verifiers/dropped-additions.ts";
import { inScope } from "../../verifiers/in-scope.ts";
import { noMarkers } from "../../verifiers/no-markers.ts";
import { nothingFromNowhere } from "../../verifiers/nothing-from-nowhere.ts";
import { parses } from "../../verifiers/parses.ts";
import { protectedPaths } from "../../verifiers/protected-paths.ts";
import { openPath } from "./rows.ts";
import type { Settled } from "../../merge/siblings.ts";
import { settleFile } from "./settle-file.ts";
import type { SettledFile } from "./settle-file.ts";

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
    for (const conflict of context.workspace.conflicts.filter(({ path }) => task.paths.includes(path))) {
      context.signal.throwIfAborted();
      const file = await settle(conflict, context, certain);
      const { rows } = file;
      for (const row of rows) hunks.push(row);
      for (const hunk of file.certain) certain.push(hunk);
      const settled = rows.filter((row) => row.settled).length;
      context.record({ step: "settle", detail: `${conflict.path}: ${settled} of ${rows.length} settled` });
    }
    const settled = hunks.filter((hunk) => hunk.settled).length;
    if (settled === 0)
      return { status: "unchanged", reason: "No rule settles any of these conflicts.", hunks };
    return { status: "changed", summary: `${settled} of ${hunks.length} settled`, hunks };
  },
};

async function settle(
  conflict: Conflict,
  context: AgentContext,
  earlier: readonly Settled[],
): Promise<SettledFile> {
  const why = forPeople(conflict, context);
  if (why !== null) return { rows: [openPath(conflict, why)], certain: [] };
  return settleFile(conflict, context, earlier);
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
