// Which model `errand bench tests` measures: a scripted one that knows the case, or a real one on the product's own path.
import { defaultPolicy } from "../../config/policy-defaults.ts";
import { ownVariables } from "../../config/process-environment.ts";
import { readModelSettings } from "../../config/model-settings.ts";
import { AppError } from "../../core/errors.ts";
import { modelNameText, parseModelName } from "../../core/model.ts";
import { clientFor } from "../../model/clients/client-for.ts";
import { createModels } from "../../model/index.ts";
import { createMemoryLedger } from "../../model/memory-ledger.ts";
import { silentLog } from "../log.ts";
import type { TestCase } from "./tests-cases.ts";
import { cheater } from "./tests-cheater.ts";
import { garbage } from "./tests-garbage.ts";
import type { MaterialCase } from "./tests-materialise.ts";
import type { CaseModels, MeasureTools } from "./tests-measure.ts";
import { oracle } from "./tests-oracle.ts";
import { scriptedCase } from "./tests-scripted.ts";
import type { TestScript } from "./tests-scripted.ts";

const scripts: Readonly<Record<string, (one: TestCase, material: MaterialCase) => TestScript>> = {
  "scripted:oracle": oracle,
  "scripted:garbage": garbage,
  "scripted:cheater": cheater,
};

export interface TestModels {
  /** As it was asked for. */
  readonly model: string;
  readonly large: string | null;
  readonly modelsFor: MeasureTools["modelsFor"];
}

/**
 * `model`: "scripted:NAME", or "provider:model[@endpoint]" with the process's environment for keys, prices and budgets. A scripted model is the large one, too; a real
 * one has none unless `large` names it. Throws `AppError("input" | "config")`.
 */
export function openTestModels(model: string, large: string | undefined): TestModels {
  const script = scripts[model];
  if (script === undefined) {
    const names = {
      small: checked(model, "--model"),
      large: large === undefined ? null : checked(large, "--large"),
    };
    return { model, large: large ?? null, modelsFor: realModels(names) };
  }
  if (large !== undefined) {
    throw new AppError("input", "A scripted model is the large one as well.", {
      retryable: false,
      remedy: "Leave --large out, or name a real model with --model.",
    });
  }
  return { model, large: null, modelsFor: (one, material) => scriptedCase(script(one, material)) };
}

function checked(text: string, option: string): string {
  const name = parseModelName(text);
  if (name !== null) return modelNameText(name);
  throw new AppError("input", `${option} ${JSON.stringify(text)} names no model.`, {
    retryable: false,
    remedy: `Give ${Object.keys(scripts).join(", ")}, or a model as provider:model[@endpoint], for example openai:gpt-6-luna.`,
  });
}

/** Rows of the ledger that a case may have: above what the loop may ask. */
const mostCalls = 10_000;
/** Milliseconds in which models may be asked: above the loop's own limit, as in the App. */
const askingMs = 15 * 60_000;

function realModels({
  small,
  large,
}: {
  readonly small: string;
  readonly large: string | null;
}): MeasureTools["modelsFor"] {
  const roles = { small: [small], large: large === null ? [] : [large] };
  // Who has typed a name has allowed it.
  const settings = { ...readModelSettings(ownVariables()), roles, allowed: [...roles.small, ...roles.large] };
  const ledger = createMemoryLedger();
  const modelsFor = createModels({
    settings,
    ledger,
    clientFor: clientFor(settings),
    now: Date.now,
    log: silentLog,
  });
  let number = 0;
  return (one, _, signal): CaseModels => {
    const runId = `bench:${one.id}`;
    const pull = { installationId: 0, owner: "bench", repo: "tests", number: ++number };
    const facts = { runId, pull, fromFork: false, policy: defaultPolicy, signal, askingMs };
    const { models } = modelsFor(facts);
    return {
      models,
      used: async () => {
        const calls = await ledger.listCalls({ runId, limit: mostCalls });
        const tokens = calls.reduce(
          (sum, { usage }) => sum + (usage === null ? 0 : usage.inputTokens + usage.outputTokens),
          0,
        );
        return { calls: calls.length, tokens };
      },
    };
  };
}
