// The models as the pipeline is handed them: everything of this folder, wired.
import { AppError } from "../core/errors.ts";
import type { CallNote } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import { messageOf } from "../core/errors.ts";
import type { Models, ModelsFor } from "../core/models.ts";
import { ask } from "./ask.ts";
import { createAsker } from "./asker.ts";
import type { AskerParts } from "./asker.ts";
import { choose } from "./choose.ts";
import { createScreen } from "./screen.ts";
import { redact } from "./redact.ts";
import { secretsOf } from "./secrets.ts";
import { callsOf, largeOnly, tiersOf } from "./use.ts";
import { write } from "./write.ts";

export interface ModelParts extends Omit<AskerParts, "screen"> {
  readonly log: Log;
  /** Left out: every model is screened once. */
  readonly screen?: AskerParts["screen"];
}

/** Models for runs. Asks nobody by itself. */
export function createModels(given: ModelParts): ModelsFor {
  const parts = { ...given, screen: given.screen ?? createScreen(given) };
  const { ledger, settings, log } = parts;
  return (run) => {
    const asker = createAsker(run, parts);
    const models: Models = {
      isAvailable: asker.isAvailable,
      ask: (purpose, question) => ask(asker, purpose, question),
      choose: (purpose, question) => choose(asker, purpose, question),
      write: (purpose, question) => write(asker, purpose, question),
      note: (callIds, note) => noteCalls(callIds, note),
      problems: asker.problems,
    };
    return {
      models,
      use: async (work, hunks) => {
        const calls = await callsOf(run.runId, ledger);
        const problems = [...asker.problems()];
        if (calls.length === 0 && problems.length === 0) return null;
        const callsSaved = work.reduce((sum, one) => sum + one.callsSaved, 0);
        return { tiers: tiersOf(calls, hunks), callsSaved, largeOnly: largeOnly(work, settings), problems };
      },
    };
  };

  /** A note that is lost costs a row of statistics; it must not cost the run. */
  async function noteCalls(callIds: readonly string[], note: CallNote): Promise<void> {
    if (callIds.length === 0) return;
    try {
      const { meaning, ...rest } = note;
      await ledger.noteCalls(
        callIds,
        meaning === undefined ? rest : { ...rest, meaning: redact(meaning, secretsOf(settings)) },
      );
    } catch (error) {
      const reason = error instanceof AppError ? error.message : messageOf(error);
      log.warn({ reason, calls: callIds.length }, "the ledger could not note what became of calls");
    }
  }
}
