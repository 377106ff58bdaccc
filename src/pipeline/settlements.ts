// What models and tests settled before on the same two commits: nobody pays for it twice, and nobody gets another answer.
import type { AgentContext } from "../core/agent.ts";
import type { Policy } from "../core/policy.ts";
import type { Run } from "../core/run.ts";
import type { Store } from "../core/store.ts";
import { settledByModel } from "../core/task.ts";
import type { KeptSettlement } from "../core/task.ts";
import type { BoundRun } from "./bind-run.ts";
import type { KeepInRun } from "./keep-in-run.ts";
import type { Turn } from "./process-mailbox.ts";

export interface KeptSettlements {
  /** One for each key. */
  readonly known: readonly KeptSettlement[];
  readonly keep: AgentContext["keepSettlement"];
  /** What is known and what was kept since. */
  readonly all: () => readonly KeptSettlement[];
}

/** Runs of the pull request that are looked at, newest first. */
const mostRuns = 20;

/**
 * What was settled at a price in earlier attempts at this run and in earlier runs on the same head and base; for `apply`, in the run whose proposal is to be applied
 * and in no other. New ones are kept with this run. A repository that has turned models off gets none of their answers from earlier runs.
 */
export async function keptSettlements(
  run: BoundRun,
  { models }: Pick<Policy, "models">,
  turn: Pick<Turn, "mailbox">,
  {
    store,
    keep: keepWithRun,
  }: { readonly store: Pick<Store, "loadRun" | "listRuns" | "loadPull">; readonly keep: KeepInRun },
): Promise<KeptSettlements> {
  const own = await store.loadRun(await settledIn(run, store));
  const earlier = run.command.verb === "apply" ? [] : await earlierRuns(run, turn, store);
  const known = firstOfEachKey([
    ...(own?.settlements ?? []),
    ...earlier.flatMap(({ settlements }) => (models.enabled ? settlements : withoutModels(settlements))),
  ]);
  const all = [...known];
  const keep = async (settlement: KeptSettlement): Promise<void> => {
    all.push(settlement);
    await keepWithRun({ settlements: [...all] });
  };
  return { known, keep, all: () => all };
}

async function settledIn({ id, command }: BoundRun, store: Pick<Store, "loadPull">): Promise<string> {
  if (command.verb !== "apply") return id;
  return (await store.loadPull(command.pull))?.proposal?.runId ?? id;
}

/** Ended runs on the same two commits, newest first, however they ended: an answer that was paid for before a stop is an answer. */
async function earlierRuns(
  { id, headSha, baseSha }: BoundRun,
  { mailbox }: Pick<Turn, "mailbox">,
  store: Pick<Store, "listRuns">,
): Promise<readonly Run[]> {
  const runs = await store.listRuns(mailbox, mostRuns);
  return runs.filter(
    (run) => run.id !== id && run.endedAt !== null && run.headSha === headSha && run.baseSha === baseSha,
  );
}

function withoutModels(settlements: readonly KeptSettlement[]): readonly KeptSettlement[] {
  const byModel = new Set(settledByModel(settlements).map(({ key }) => key));
  return settlements.filter(({ key }) => !byModel.has(key));
}

function firstOfEachKey(settlements: readonly KeptSettlement[]): readonly KeptSettlement[] {
  const byKey = new Map<string, KeptSettlement>();
  for (const settlement of settlements) if (!byKey.has(settlement.key)) byKey.set(settlement.key, settlement);
  return [...byKey.values()];
}
