// The models' part of `errand doctor`: what each costs, whether it answers, and what it turned out to be capable of.
import { AppError } from "../core/errors.ts";
import type { Ledger } from "../core/ledger.ts";
import { parseModelName } from "../core/model.ts";
import type { ModelName } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import { priceOf } from "../model/prices/price.ts";
import type { Price } from "../model/prices/price.ts";
import { retirementWarning } from "../model/prices/retired.ts";
import { isCompetent } from "../model/probe/probe-model.ts";
import { createExaminer, unpriced } from "./doctor-ask.ts";
import type { Examine, Examined } from "./doctor-ask.ts";
import { finding, problem } from "./doctor-finding.ts";
import type { Finding } from "./doctor-finding.ts";
import { printable } from "./resolve-text.ts";

export const modelsCheck = "models";

interface ModelCheckParts {
  readonly settings: ModelSettings;
  /** Where the calls are counted, and findings kept for the workers. */
  readonly ledger: Ledger;
  /** A line for whoever waits, before anything is asked. */
  readonly tell: (line: string) => void;
}

/** One finding for each model that may be asked. Rejects as `ledger` does. */
export async function checkModels({ settings, ledger, tell }: ModelCheckParts): Promise<Finding[]> {
  const names = settings.allowed.flatMap((text) => {
    const name = parseModelName(text);
    return name === null ? [] : [{ text, name }];
  });
  if (names.length === 0) return [finding(modelsCheck, "none is configured: rules settle what they can")];
  tell(
    `Asking ${settings.allowed.map(printable).join(", ")} up to ten small questions each, out of your budget (--no-models: none).`,
  );
  const examine = createExaminer(settings, ledger);
  const findings: Finding[] = [];
  // One after another: a server of one's own may have room for one at a time.
  for (const { text, name } of names) findings.push(await checkModel(text, name, { settings, examine }));
  return findings.map(printed);
}

/** A server's words are shown, and names are what somebody typed: neither may move the cursor. */
const printed = ({ check, result, detail, remedy }: Finding): Finding => ({
  check: printable(check),
  result,
  detail: printable(detail),
  remedy: remedy === null ? null : printable(remedy),
});

async function checkModel(
  text: string,
  name: ModelName,
  { settings, examine }: { readonly settings: ModelSettings; readonly examine: Examine },
): Promise<Finding> {
  const check = `model ${text}`;
  const price = priceOf(name, settings);
  if (price === null && !settings.allowUnpriced) return problem(check, unpriced());
  const retirement = retirementWarning(name, new Date());
  try {
    const said = capabilityLines(await examine(name), name);
    const remedies = [...(retirement === null ? [] : [retirement]), ...said.remedies];
    return {
      check,
      result: said.isProblem ? "problem" : "ok",
      detail: [priceText(price), ...said.facts].join("; "),
      remedy: remedies.length === 0 ? null : remedies.join(" "),
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "model") throw error;
    const remedy = [error.remedy, ...(retirement === null ? [] : [retirement])].join(" ");
    return { check, result: "problem", detail: `${error.message} (${priceText(price)})`, remedy };
  }
}

/** "$0.10/$0.50 per million tokens, Errand's list, 2026-11": input, then output, for prompts as short as Errand's. */
function priceText(price: Price | null): string {
  const [tier] = price?.tiers ?? [];
  if (price === null || tier === undefined) return "unpriced: no budget stops it";
  const source = price.source === "operator" ? "ERRAND_PRICES" : price.source;
  if (tier.input === 0 && tier.output === 0) return `free, ${source}`;
  return `${rate(tier.input)}/${rate(tier.output)} per million tokens, ${source}`;
}

const rate = (amount: number): string =>
  `$${amount === Number(amount.toFixed(2)) ? amount.toFixed(2) : amount}`;

interface Said {
  readonly isProblem: boolean;
  readonly facts: readonly string[];
  readonly remedies: readonly string[];
}

const again = "then run `errand doctor` again and restart what runs";

function capabilityLines({ found, isNew }: Examined, { endpoint }: ModelName): Said {
  const { schema, readsLongPrompts, usage, competence } = found;
  const remedies: string[] = [];
  if (!readsLongPrompts)
    remedies.push(
      `Give it a longer context at its server (Ollama: OLLAMA_CONTEXT_LENGTH=16384, where it starts), ${again}.`,
    );
  if (!usage)
    remedies.push(
      "A server that counts tokens makes it cheaper: without a count, each call costs what was reserved for it.",
    );
  if (!isCompetent(found))
    remedies.push(`It is asked nothing about code. Choose a more capable model (docs/models.md).`);
  return {
    isProblem: remedies.length > 0,
    facts: [
      schema ? "holds to schemas" : "passes over schemas, so it is asked in words instead",
      readsLongPrompts ? longFact(endpoint) : "cuts prompts at about 4,096 tokens without a word",
      usage ? "counts its tokens" : "does not count its tokens",
      `${competence.right} of ${competence.asked} built-in merge questions right`,
      isNew ? "asked now" : "known from a check of the last 30 days; it answers now",
    ],
    remedies,
  };
}

/** Of the providers' own servers it is known, and not asked. */
const longFact = (endpoint: string | null): string =>
  endpoint === null
    ? "takes prompts above 4,096 tokens, as its provider says"
    : "reads prompts above 4,096 tokens";
