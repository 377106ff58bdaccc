// Before a model is asked about anybody's code: can it read, and does it get questions right whose answers we know?
import { createHash } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { Ledger } from "../core/ledger.ts";
import { modelNameText } from "../core/model.ts";
import type { ModelAnswer, ModelName, ModelRequest } from "../core/model.ts";
import type { CallPurpose } from "../core/models.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import { Capabilities, isCompetent, probeModel, probeVersion } from "./probe/probe-model.ts";

/** Asks the model that is screened. Throws `AppError("model")` where it does not answer. */
export type AskScreened = (purpose: CallPurpose, request: ModelRequest) => Promise<ModelAnswer>;

export type Screened =
  | {
      readonly passed: true;
      /** Whether a schema helps; a server that does not know them may refuse the request. */
      readonly schema: boolean;
      /** UTF-8 bytes of the longest prompt that is read as a whole. */
      readonly maxBytes: number;
    }
  | { readonly passed: false; readonly why: string };

export type Screen = (model: ModelName, ask: AskScreened) => Promise<Screened>;

/** For benches that want to see what an incompetent model does. */
export const noScreen: Screen = () => Promise.resolve({ passed: true, schema: true, maxBytes: Infinity });

/** What was found out is believed for so long, in milliseconds: 30 days. */
const believedMs = 30 * 86_400_000;

/** How long this process goes by it without looking in the ledger, in milliseconds: a day. */
const rememberedMs = 86_400_000;
/** And by a bad verdict: ten minutes, for what was wrong may have been mended. */
const refusedMs = 600_000;

/** Bytes that fit into 4,096 tokens beside an answer of 400, at the 3 bytes a token that dense code has: servers that cut prompts silently cut there. */
const shortContext = 11_000;

const purpose: CallPurpose = { agent: "errand", slot: "probe", role: "small", subject: null, kind: null };

export interface ScreenParts {
  readonly ledger: Pick<Ledger, "loadCapabilities" | "saveCapabilities">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly settings: Pick<ModelSettings, "endpoints">;
}

/** Remembers its findings in the ledger, so that a model is screened once for all workers. Trouble while screening is remembered by nobody. */
export function createScreen({ ledger, now, settings }: ScreenParts): Screen {
  const known = new Map<string, { readonly found: Capabilities; readonly until: number }>();
  return async (model, ask) => {
    const name = modelNameText(model);
    const memo = known.get(name);
    if (memo !== undefined && memo.until > now()) return verdictOf(memo.found);
    try {
      const found = await capabilitiesOf(model, ask, { ledger, now, settings });
      const verdict = verdictOf(found);
      known.set(name, { found, until: now() + (verdict.passed ? rememberedMs : refusedMs) });
      return verdict;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "model") throw error;
      return { passed: false, why: `${error.message} ${error.remedy}`.trim() };
    }
  };
}

/** From the ledger, or found out now and kept there. Throws what `ask` throws. */
export async function capabilitiesOf(
  model: ModelName,
  ask: AskScreened,
  { ledger, now, settings }: ScreenParts,
): Promise<Capabilities> {
  const key = findingsKey(model, settings);
  const kept = readCapabilities(await ledger.loadCapabilities(key));
  if (kept !== null) return kept;
  const found = await probeModel(
    (request) => ask(purpose, request),
    model.endpoint === null ? { readsLongPrompts: true } : {},
  );
  await ledger.saveCapabilities(key, JSON.stringify(found), now() + believedMs);
  return found;
}

/** By name, address and questions: another server under the same name is another model. */
export function findingsKey(model: ModelName, { endpoints }: ScreenParts["settings"]): string {
  const url = model.endpoint === null ? "" : (endpoints[model.endpoint]?.url ?? "");
  const address = createHash("sha256").update(url).digest("hex").slice(0, 12);
  return `${modelNameText(model)}#${probeVersion}#${address}`;
}

function readCapabilities(text: string | null): Capabilities | null {
  if (text === null) return null;
  try {
    return Capabilities.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function verdictOf(found: Capabilities): Screened {
  const { schema, readsLongPrompts, competence } = found;
  if (isCompetent(found))
    return { passed: true, schema, maxBytes: readsLongPrompts ? Infinity : shortContext };
  const { right, asked } = competence;
  return {
    passed: false,
    why: `it got ${right} of ${asked} of Errand's built-in merge questions right, so it is asked nothing about code. Choose a more capable model (docs/models.md).`,
  };
}
