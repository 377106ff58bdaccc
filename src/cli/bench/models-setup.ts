// The models of one bench, over the product's own path: its settings, its clients, its ledger. Scripted ones answer on loopback.
import { readModelSettings } from "../../config/model-settings.ts";
import { ownVariables } from "../../config/process-environment.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { ListPrice, ModelSettings } from "../../core/model-settings.ts";
import type { ModelsFor } from "../../core/models.ts";
import { clientFor } from "../../model/clients/client-for.ts";
import { createModels } from "../../model/index.ts";
import { createMemoryLedger } from "../../model/memory-ledger.ts";
import { noScreen } from "../../model/screen.ts";
import { startScriptedServer } from "../../scripted/server.ts";
import type { ScriptedReply, ScriptedRequest } from "../../scripted/server.ts";
import type { ModelCase } from "./models-cases.ts";
import type { ModelChoice } from "./models-choice.ts";
import { scriptedModels, scriptedNames } from "./scripted-models.ts";

export interface ModelSetup {
  readonly model: ModelChoice;
  readonly large: ModelChoice | null;
  /** Whether a model has to get the built-in questions right before it is asked about a case. */
  readonly screening: boolean;
}

export interface BenchModels {
  readonly modelsFor: ModelsFor;
  readonly ledger: Ledger;
  /** Tells scripted models which case is measured now. */
  readonly present: (current: ModelCase) => void;
}

const endpoint = "scripted";
/** List prices of gpt-6-luna and claude-opus-5-5, in dollars for a million tokens (November 2026): so that money is counted as if they were asked. */
const smallPrice: ListPrice = { input: 0.1, output: 0.5 };
const largePrice: ListPrice = { input: 4, output: 20 };
/** No scripted answer is refused for its price: a million dollars. */
const plenty = 1_000_000 * 1_000_000;

const smallName = (choice: ModelChoice): string =>
  choice.kind === "real" ? choice.text : `openai:${choice.name}@${endpoint}`;
const largeName = (choice: ModelChoice): string =>
  choice.kind === "real" ? choice.text : `openai:${choice.name}-large@${endpoint}`;

/** Opens the models, hands them to `work`, and closes them. Throws `AppError("config")` where a real model's environment is broken. */
export async function withModels<T>(
  setup: ModelSetup,
  work: (models: BenchModels) => Promise<T>,
): Promise<T> {
  let current: ModelCase | null = null;
  const server = await startScriptedServer((asked) => replyOf(asked, current));
  try {
    const settings = settingsFor(setup, server.openaiUrl);
    const ledger = createMemoryLedger();
    const modelsFor = createModels({
      settings,
      ledger,
      clientFor: clientFor(settings),
      now: Date.now,
      log: silent,
      ...(setup.screening ? {} : { screen: noScreen }),
    });
    return await work({
      modelsFor,
      ledger,
      present: (one) => {
        current = one;
      },
    });
  } finally {
    await server.close();
  }
}

/** What goes wrong with a model is told among the figures. */
const quiet = (): void => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function settingsFor({ model, large }: ModelSetup, url: string): ModelSettings {
  const small = smallName(model);
  // A scripted model is large, too: so the whole ladder is climbed.
  const above = large === null ? (model.kind === "scripted" ? largeName(model) : null) : largeName(large);
  const roles = { small: [small], large: above === null ? [] : [above] };
  const allowed = [...roles.small, ...roles.large];
  const scripted: Pick<ModelSettings, "endpoints" | "prices"> = {
    endpoints: { [endpoint]: { url, key: endpoint } },
    prices: Object.fromEntries(
      scriptedNames.flatMap((name) => [
        [`openai:${name}@${endpoint}`, smallPrice],
        [`openai:${name}-large@${endpoint}`, largePrice],
      ]),
    ),
  };
  const none = {
    keys: { openai: null, anthropic: null },
    allowUnpriced: false,
    ledgerDays: { rows: 1, contents: 1 },
  };
  if (model.kind === "scripted" && large?.kind !== "real") {
    const budget = { run: plenty, pull: plenty, day: plenty, installation: plenty };
    return { ...none, ...scripted, allowed, roles, budget };
  }
  const own = readModelSettings(ownVariables());
  return {
    ...own,
    allowed,
    roles,
    endpoints: { ...own.endpoints, ...scripted.endpoints },
    prices: { ...own.prices, ...scripted.prices },
  };
}

/** UTF-8 bytes of a token, about: a scripted model is cut off where a real one would be. */
const bytesPerToken = 3.5;

function replyOf(asked: ScriptedRequest, current: ModelCase | null): ScriptedReply {
  const name = scriptedNames.find((one) => asked.model === one || asked.model === `${one}-large`);
  if (name === undefined) return { kind: "status", status: 404, message: "There is no such model." };
  const text = scriptedModels[name](asked, current);
  const room = Math.floor(asked.maxOutputTokens * bytesPerToken);
  const fits = Buffer.byteLength(text) <= room;
  return { kind: "text", text: fits ? text : text.slice(0, room), stop: fits ? "end" : "length" };
}
