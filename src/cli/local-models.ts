// Models for a person's own clone: configured by the process's own variables, paid by the person, remembered nowhere.
import { randomUUID } from "node:crypto";
import { settleWithModels } from "../agents/conflict-resolver/settle-with-models.ts";
import type { ModelTierContext } from "../agents/conflict-resolver/settle-with-models.ts";
import { mostAskedHunks } from "../agents/conflict-resolver/limits.ts";
import { defaultPolicy } from "../config/policy-defaults.ts";
import { ownVariables } from "../config/process-environment.ts";
import { readModelSettings } from "../config/model-settings.ts";
import type { ConflictedFile, FileResolution } from "../core/conflict.ts";
import { AppError } from "../core/errors.ts";
import { parseModelName } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import type { ModelUse } from "../core/report.ts";
import type { HunkReport, ModelWork } from "../core/task.ts";
import { mergeRules } from "../merge/thread/merge-rules.ts";
import { clientFor } from "../model/clients/client-for.ts";
import { createModels } from "../model/index.ts";
import { createMemoryLedger } from "../model/memory-ledger.ts";
import { silentLog } from "./log.ts";

export interface LocalModels {
  /** Whom it asks, for people to know before anything leaves the machine. */
  readonly names: readonly string[];
  /** Settles what it can of a file's open hunks. */
  readonly settle: (
    file: ConflictedFile,
    resolution: FileResolution,
    known: Pick<ModelTierContext, "memory" | "siblings" | "subjects">,
  ) => Promise<FileResolution>;
  /** What was asked so far, and what it cost; `null` where nothing was. */
  readonly use: (hunks: readonly Pick<HunkReport, "settled" | "tier">[]) => Promise<ModelUse | null>;
}

/**
 * From this process's own variables alone: a repository's `.env` must not send its reader's code anywhere. `name` is asked in place of `ERRAND_SMALL_MODEL`. `null`
 * where no model is configured. Throws `AppError("config" | "input")` for what is configured wrongly.
 */
export function openLocalModels(
  name: string | undefined,
  record: (line: string) => void,
): LocalModels | null {
  const settings = withSmall(readModelSettings(ownVariables()), name);
  const names = [...settings.roles.small, ...settings.roles.large];
  if (names.length === 0) return null;

  const ledger = createMemoryLedger();
  const { signal } = new AbortController();
  const modelsFor = createModels({
    settings,
    ledger,
    clientFor: clientFor(settings),
    now: Date.now,
    log: silentLog,
  });
  const { models, use } = modelsFor({
    runId: `local:${randomUUID()}`,
    pull: { installationId: 0, owner: "local", repo: "clone", number: 0 },
    fromFork: false,
    policy: defaultPolicy,
    signal,
  });
  const work: ModelWork[] = [];
  let hunksLeft = mostAskedHunks;
  return {
    names,
    settle: async (file, resolution, known) => {
      const settled = await settleWithModels(file, resolution, {
        ...known,
        models,
        merge: mergeRules,
        settlements: [],
        keepSettlement: () => Promise.resolve(),
        approved: false,
        hunksLeft,
        signal,
        record,
      });
      hunksLeft -= settled.asked;
      work.push(settled.work);
      return settled.resolution;
    },
    use: (hunks) => use(work, hunks),
  };
}

/** Who has typed a name has allowed it. */
function withSmall(settings: ModelSettings, name: string | undefined): ModelSettings {
  if (name === undefined) return settings;
  if (parseModelName(name) === null) {
    throw new AppError("input", `${JSON.stringify(name)} is no name of a model.`, {
      retryable: false,
      remedy:
        "Write provider:model or provider:model@endpoint, for example openai:gpt-6-luna (docs/models.md).",
    });
  }
  return { ...settings, allowed: [...settings.allowed, name], roles: { ...settings.roles, small: [name] } };
}
