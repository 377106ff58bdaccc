// The ladder's model tiers as the agent climbs them, with the ledger asked afterwards what that took.
import { settleWithModels } from "../../agents/conflict-resolver/settle-with-models.ts";
import { defaultPolicy } from "../../config/policy-defaults.ts";
import type { MergeRules } from "../../core/agent.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { ModelsFor } from "../../core/models.ts";
import type { ModelLadder } from "./models-measure.ts";
import { observed } from "./models-observe.ts";
import type { ObservedQuestion } from "./models-observe.ts";

/** Hunks of one case that models are asked about: as many as of a pull request. */
const mostAskedHunks = 20;
/** Calls of one case that are counted: more than 20 hunks can take. */
const mostCalls = 5_000;

/** Each case is a run and a pull request of its own, in a repository that remembers nothing and knows no other conflicts. */
export function productLadder({
  modelsFor,
  ledger,
  merge,
}: {
  readonly modelsFor: ModelsFor;
  readonly ledger: Pick<Ledger, "listCalls">;
  readonly merge: MergeRules;
}): ModelLadder {
  let cases = 0;
  return async (file, resolution, subjects) => {
    const number = ++cases;
    const runId = `bench-${number}`;
    const { signal } = new AbortController();
    const pull = { installationId: 0, owner: "bench", repo: "bench", number };
    const run = modelsFor({ runId, pull, fromFork: false, policy: defaultPolicy, signal });
    const questions: ObservedQuestion[] = [];
    const climbed = await settleWithModels(file, resolution, {
      models: observed(run.models, (question) => questions.push(question)),
      merge,
      memory: [],
      siblings: [],
      subjects,
      settlements: [],
      keepSettlement: () => Promise.resolve(),
      approved: false,
      hunksLeft: mostAskedHunks,
      signal,
      record: () => undefined,
    });
    const use = await run.use([climbed.work], []);
    return {
      resolution: climbed.resolution,
      calls: await ledger.listCalls({ runId, limit: mostCalls }),
      questions,
      callsSaved: climbed.work.callsSaved,
      largeOnly: use?.largeOnly ?? null,
      problems: use?.problems ?? [],
    };
  };
}
