// Variables by their rules: what is good as values, what is wrong as sentences that name the variable and never its text.
import { AppError } from "../core/errors.ts";
import { notes, rules, variableNames } from "./variables.ts";
import type { VariableName } from "./variables.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export type Values = ReturnType<typeof rules.parse>;

/** "APP_ID: must be … (example: APP_ID=123456)". The value itself is never repeated: it may be a secret in the wrong place. */
export const problem = (name: VariableName, rule: string): string =>
  `${name}: ${rule} (example: ${name}=${notes[name].example})`;

/** Absent, empty and blank are the same: compose files and .env files write `NAME=` for "not set". */
export function filled(variables: Variables): Record<string, string> {
  const entries = variableNames.map((name) => [name, variables[name]?.trim() ?? ""] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** The variables of `names`, each by its own rule; what breaks its rule is left out and told. */
export function readValues(
  names: readonly VariableName[],
  set: Readonly<Record<string, string>>,
  problems: string[],
): Values {
  const values: Values = {};
  for (const name of names) {
    const parsed = rules.shape[name].safeParse(set[name]);
    if (parsed.success) Object.assign(values, { [name]: parsed.data });
    else problems.push(problem(name, parsed.error.issues[0]?.message ?? "is not valid"));
  }
  return values;
}

export function invalidEnvironment(problems: readonly string[]): AppError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new AppError("config", `The environment has ${count}:\n  ${problems.join("\n  ")}`, {
    retryable: false,
    remedy: "Set them in the environment or in .env; docs/configuration.md describes every variable.",
  });
}
