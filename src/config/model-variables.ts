// The environment variables on models: their rules, what they are for, examples.
import type { ListPrice } from "../core/model-settings.ts";
import { parseDollars } from "./dollars.ts";
import { readEndpointUrl } from "./model-endpoints.ts";
import { faultOfModelName } from "./model-names.ts";
import { integer, list, oneOf, pairs, text, variable } from "./variable-rules.ts";
import type { Entry, VariableNote } from "./variable-rules.ts";

/** What goes into a header as it is: one line of visible ASCII. */
const isKey = (value: string): boolean => /^[\x21-\x7e]{1,500}$/.test(value);

const key = () => text("must be the key as the provider gave it: one line without blanks", isKey);

const nameFaults = {
  address: "is an address: it belongs into ERRAND_ENDPOINTS, and its name after an @",
  key: "holds something like a key: keys belong into OPENAI_API_KEY, ANTHROPIC_API_KEY or ERRAND_ENDPOINT_KEYS",
  form: "is not",
} as const;

function readName(name: string): Entry<string> {
  const fault = faultOfModelName(name);
  return fault === null ? { value: name } : { fault: nameFaults[fault] };
}

const names = () =>
  list(
    "must be provider:model or provider:model@endpoint, with openai or anthropic as provider, several separated by commas",
    readName,
  );

const isEndpointName = (name: string): boolean => /^[a-z\d][a-z\d-]{0,39}$/.test(name);

const endpointName = "a name of small letters, digits and hyphens";

/** "0.20", "0.20/1.25" or "0.20/1.25/0.02": dollars for a million tokens of input, output, input from the cache. */
function readPrice(price: string): ListPrice | null {
  const parts = price.split("/");
  const numbers = parts.filter((part) => /^\d{1,6}(\.\d{1,6})?$/.test(part)).map(Number);
  const [input, output = input, cached] = numbers;
  if (input === undefined || output === undefined || numbers.length !== parts.length || parts.length > 3)
    return null;
  return { input, output, ...(cached === undefined ? {} : { cached }) };
}

const dollars = () =>
  variable("must be dollars from 0 to 1000000, such as 0.25: a point, six decimals at most", parseDollars);

export const modelRules = {
  ERRAND_SMALL_MODEL: names(),
  ERRAND_LARGE_MODEL: names(),
  ERRAND_MODELS: names(),
  OPENAI_API_KEY: key(),
  ANTHROPIC_API_KEY: key(),
  ERRAND_ENDPOINTS: pairs(
    `must be NAME=URL, several separated by commas: ${endpointName}; https://, or http:// to this machine or a private network, without user name, query and fragment`,
    "at first =",
    (name, url) => {
      const href = readEndpointUrl(url);
      if (!isEndpointName(name)) return { fault: `has not ${endpointName}` };
      return href === null ? { fault: "has no such URL" } : { value: href };
    },
  ),
  ERRAND_ENDPOINT_KEYS: pairs(
    "must be NAME=KEY, several separated by commas, the name as in ERRAND_ENDPOINTS",
    "at first =",
    (name, value) => {
      if (!isEndpointName(name)) return { fault: `has not ${endpointName}` };
      return isKey(value) ? { value } : { fault: "has no key of one line without blanks" };
    },
  ),
  ERRAND_PRICES: pairs(
    "must be NAME=PRICE, several separated by commas: a model or @endpoint; dollars for a million tokens, for input and output alike or as in/out or in/out/cached",
    "at last =",
    (name, value) => {
      const price = readPrice(value);
      const known = name.startsWith("@") ? isEndpointName(name.slice(1)) : faultOfModelName(name) === null;
      if (!known) return { fault: "names neither a model nor an @endpoint" };
      return price === null ? { fault: "has no such price" } : { value: price };
    },
  ),
  ERRAND_ALLOW_UNPRICED: oneOf("on", "off"),
  ERRAND_BUDGET_RUN: dollars(),
  ERRAND_BUDGET_PULL: dollars(),
  ERRAND_BUDGET_DAY: dollars(),
  ERRAND_BUDGET_INSTALLATION: dollars(),
  ERRAND_LEDGER_DAYS: integer(1, 3650),
  ERRAND_LEDGER_CONTENT_DAYS: integer(0, 3650),
};

type ModelVariableName = keyof typeof modelRules;

export const modelNotes: Readonly<Record<ModelVariableName, VariableNote>> = {
  ERRAND_SMALL_MODEL: {
    what: "Who is asked first: about conflicts that rules leave open, failing checks and tests to write. `provider:model` or `provider:model@endpoint`; of several the next where one cannot answer.",
    example: "openai:gpt-6-luna",
    default: "nobody",
  },
  ERRAND_LARGE_MODEL: {
    what: "Who is consulted where the small one fails; written as `ERRAND_SMALL_MODEL`.",
    example: "anthropic:claude-sonnet-5,openai:gpt-6-sol",
    default: "nobody",
  },
  ERRAND_MODELS: {
    what: "More models that a repository's file may choose, beside those two.",
    example: "openai:qwen3.5:9b@ollama,anthropic:claude-haiku-5-5",
    default: "none",
  },
  OPENAI_API_KEY: {
    what: "Key for `openai:` models without an endpoint. Alone it asks nobody anything.",
    example: "a-key-from-the-provider",
    default: null,
  },
  ANTHROPIC_API_KEY: {
    what: "Key for `anthropic:` models without an endpoint. Alone it asks nobody anything.",
    example: "a-key-from-the-provider",
    default: null,
  },
  ERRAND_ENDPOINTS: {
    what: "Servers of your own, `name=URL`: what stands after the `@` of a model. https, or http within a private network.",
    example: "ollama=http://127.0.0.1:11434/v1,vllm=https://vllm.example.com/v1",
    default: "none",
  },
  ERRAND_ENDPOINT_KEYS: {
    what: "Their keys, where they want one, `name=key`.",
    example: "vllm=a-long-random-text",
    default: "none",
  },
  ERRAND_PRICES: {
    what: "Your prices, in dollars for a million tokens, by model or `@endpoint`: `0`, `in/out` or `in/out/cached`. They win over every list.",
    example: "@ollama=0,openai:my-model@vllm=0.20/1.25",
    default: "the price list that comes with Errand",
  },
  ERRAND_ALLOW_UNPRICED: {
    what: "Whether a model without a known price may be asked: `on` or `off`. It then counts against no budget and is shown as unpriced.",
    example: "on",
    default: "`off`",
  },
  ERRAND_BUDGET_RUN: {
    what: "Dollars that one run may spend on models.",
    example: "0.10",
    default: "`0.25`",
  },
  ERRAND_BUDGET_PULL: {
    what: "Dollars for one pull request, as long as it lives.",
    example: "0.50",
    default: "`1`",
  },
  ERRAND_BUDGET_DAY: {
    what: "Dollars for everything together, by UTC day.",
    example: "5",
    default: "`20`",
  },
  ERRAND_BUDGET_INSTALLATION: {
    what: "Dollars for each installation, by UTC month.",
    example: "50",
    default: "`200`",
  },
  ERRAND_LEDGER_DAYS: {
    what: "Days that the rows of the ledger of model calls are kept, 1 to 3650.",
    example: "90",
    default: "`400`",
  },
  ERRAND_LEDGER_CONTENT_DAYS: {
    what: "Days that their contents are kept, where a repository consents to any; never more than the rows.",
    example: "14",
    default: "`30`",
  },
};

export const modelVariableNames = Object.keys(modelNotes) as ModelVariableName[];
