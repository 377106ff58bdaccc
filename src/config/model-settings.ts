// What the operator's variables on models say together.
import { modelNameText, parseModelName } from "../core/model.ts";
import type { ModelName, Provider } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import { modelVariableNames } from "./model-variables.ts";
import { filled, invalidEnvironment, problem, readValues } from "./read-variables.ts";
import type { Values, Variables } from "./read-variables.ts";

/** Variables that hold names of models. */
const nameVariables = ["ERRAND_SMALL_MODEL", "ERRAND_LARGE_MODEL", "ERRAND_MODELS"] as const;

/** The key of each provider's own API. */
const keyVariables = {
  openai: "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
} as const satisfies Record<Provider, string>;

/** Micro-dollars; docs/models.md says what each sum is. */
const defaultBudget = { run: 250_000, pull: 1_000_000, day: 20_000_000, installation: 200_000_000 };

/** Days. A year and a month of rows, so that one December can be held against the last; a month of contents. */
const defaultDays = { rows: 400, contents: 30 };

const parsed = (names: readonly string[] = []): readonly (ModelName | null)[] => names.map(parseModelName);

const unknownEndpoint = "that is not in ERRAND_ENDPOINTS: add it there, or take it out here";

function endpointProblems(values: Values): string[] {
  const endpoints = values.ERRAND_ENDPOINTS ?? {};
  const isUnknown = (name: string | null | undefined): boolean =>
    name !== null && name !== undefined && !Object.hasOwn(endpoints, name);
  const problems = nameVariables.flatMap((variable) =>
    parsed(values[variable]).flatMap((name, at) =>
      isUnknown(name?.endpoint)
        ? [problem(variable, `entry ${at + 1} has an endpoint ${unknownEndpoint}`)]
        : [],
    ),
  );
  if (Object.keys(values.ERRAND_ENDPOINT_KEYS ?? {}).some(isUnknown))
    problems.push(problem("ERRAND_ENDPOINT_KEYS", `has a key for an endpoint ${unknownEndpoint}`));
  const priced = Object.keys(values.ERRAND_PRICES ?? {}).map((name) =>
    name.startsWith("@") ? name.slice(1) : parseModelName(name)?.endpoint,
  );
  if (priced.some(isUnknown))
    problems.push(problem("ERRAND_PRICES", `has a price for an endpoint ${unknownEndpoint}`));
  return problems;
}

function retentionProblems({
  ERRAND_LEDGER_DAYS: rows = defaultDays.rows,
  ERRAND_LEDGER_CONTENT_DAYS: contents = 0,
}: Values): string[] {
  return contents > rows
    ? [
        problem(
          "ERRAND_LEDGER_CONTENT_DAYS",
          "must not be more than ERRAND_LEDGER_DAYS: contents go with their row",
        ),
      ]
    : [];
}

/** What the values contradict; call it only where each was found good by itself. */
export function modelProblems(values: Values): string[] {
  return [...endpointProblems(values), ...retentionProblems(values)];
}

/** A model that cannot be asked for want of its key, or of its price, stops nothing: the run goes on with what remains. */
export function modelWarnings(values: Values): string[] {
  const prices = values.ERRAND_PRICES ?? {};
  const mayBeAsked = (name: ModelName): boolean =>
    values.ERRAND_ALLOW_UNPRICED === "on" ||
    Object.hasOwn(prices, modelNameText(name)) ||
    Object.hasOwn(prices, `@${name.endpoint ?? ""}`);
  const lackOf = (name: ModelName): string | null => {
    if (name.endpoint === null) {
      const key = keyVariables[name.provider];
      return values[key] === undefined ? `a model that needs ${key}, which is not set` : null;
    }
    return mayBeAsked(name)
      ? null
      : "a model on a server of yours without a price in ERRAND_PRICES (0, if it is free)";
  };
  return nameVariables.flatMap((variable) => {
    const lacks = parsed(values[variable]).map((name) => name && lackOf(name));
    return [...new Set(lacks)].flatMap((lack) =>
      lack === null ? [] : [`${variable} names ${lack}: it is not asked`],
    );
  });
}

const budgetOf = (values: Values): ModelSettings["budget"] => ({
  run: values.ERRAND_BUDGET_RUN ?? defaultBudget.run,
  pull: values.ERRAND_BUDGET_PULL ?? defaultBudget.pull,
  day: values.ERRAND_BUDGET_DAY ?? defaultBudget.day,
  installation: values.ERRAND_BUDGET_INSTALLATION ?? defaultBudget.installation,
});

function endpointsOf({
  ERRAND_ENDPOINTS: urls = {},
  ERRAND_ENDPOINT_KEYS: keys = {},
}: Values): ModelSettings["endpoints"] {
  const keyOf = (name: string) => (Object.hasOwn(keys, name) ? (keys[name] ?? null) : null);
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url, key: keyOf(name) }]));
}

/** The settings of values without problems. */
export function modelSettingsOf(values: Values): ModelSettings {
  const small = [...new Set(values.ERRAND_SMALL_MODEL)];
  const large = [...new Set(values.ERRAND_LARGE_MODEL)];
  const rows = values.ERRAND_LEDGER_DAYS ?? defaultDays.rows;
  return {
    allowed: [...new Set([...small, ...large, ...(values.ERRAND_MODELS ?? [])])],
    roles: { small, large },
    keys: { openai: values.OPENAI_API_KEY ?? null, anthropic: values.ANTHROPIC_API_KEY ?? null },
    endpoints: endpointsOf(values),
    prices: values.ERRAND_PRICES ?? {},
    allowUnpriced: values.ERRAND_ALLOW_UNPRICED === "on",
    budget: budgetOf(values),
    ledgerDays: { rows, contents: values.ERRAND_LEDGER_CONTENT_DAYS ?? Math.min(defaultDays.contents, rows) },
  };
}

/** The settings on models alone, for commands that need nothing else of the environment. Throws `AppError("config")` as `readEnvironment` does. */
export function readModelSettings(variables: Variables): ModelSettings {
  const problems: string[] = [];
  const values = readValues(modelVariableNames, filled(variables), problems);
  if (problems.length === 0) problems.push(...modelProblems(values));
  if (problems.length > 0) throw invalidEnvironment(problems);
  return modelSettingsOf(values);
}
