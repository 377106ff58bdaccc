// Consent that cannot be read is taken as refused: a mistake in a file must not show code to a model, keep it, or start work, against its owner's word.
import type { PolicyFile } from "./policy-schema.ts";

/** What counts in place of a file that cannot be read; a nearer file's own word wins over it as over any other. */
export const unreadable: PolicyFile = {
  models: { enabled: false },
  auto: { checks: "off", conflicts: "off" },
  ledger: { contents: false },
};

/** Settings whose mistake may hide a refusal; "" is the whole file, and what `_extends` names may refuse too. */
const wholes = ["", "_extends"];
const isAboutModels = (setting: string): boolean => [...wholes, "models", "models.enabled"].includes(setting);
/** Which parts of `auto` a mistake may refuse; a lost exception refuses both, since nobody knows what else it was to keep out. */
const aboutMode = /^auto\.(?:checks|conflicts)$/;
const aboutException = /^auto\.(?:ignoreLabels|ignoreBranches)(?:\.\d+)?$/;
const isAboutAuto = (setting: string): boolean => [...wholes, "auto"].includes(setting);
const isAboutLedger = (setting: string): boolean =>
  [...wholes, "ledger", "ledger.contents"].includes(setting);

/** A role, or an entry of its list: "models.small", "models.agents.conflict-resolver.large.0". */
const aboutRole = /^models\.(?:agents\.([^.]+)\.)?(small|large)(?:\.\d+)?$/;

/** What a mistake in this setting refuses, as the end of a sentence; "" where it refuses nothing. */
export function consequenceOf(setting: string): string {
  if (aboutRole.test(setting)) return "; until this is mended nobody is asked in its place";
  if (wholes.includes(setting))
    return "; until this is mended it counts as models.enabled: false, and nothing starts by itself";
  if (isAboutModels(setting)) return "; until this is mended it counts as models.enabled: false";
  if (aboutMode.test(setting)) return `; until this is mended it counts as ${setting}: off`;
  if (isAboutAuto(setting) || aboutException.test(setting))
    return "; until this is mended nothing starts by itself";
  return isAboutLedger(setting) ? "; until this is mended it counts as ledger.contents: false" : "";
}

/** The values of a file with the refusals that its bad settings stand for; what it says clearly holds. */
export function withRefusals(values: PolicyFile, badSettings: readonly string[]): PolicyFile {
  const models = badSettings.some(isAboutModels) ? { models: { enabled: false, ...values.models } } : {};
  const ledger = badSettings.some(isAboutLedger) ? { ledger: { contents: false, ...values.ledger } } : {};
  const auto = withoutStarts(values.auto, badSettings);
  return badSettings.reduce(withoutSubstitute, { ...values, ...models, ...ledger, ...(auto && { auto }) });
}

const nothingStarts = { checks: "off", conflicts: "off" } as const;

function withoutStarts(auto: PolicyFile["auto"], badSettings: readonly string[]): PolicyFile["auto"] {
  if (badSettings.some((setting) => aboutException.test(setting))) return { ...auto, ...nothingStarts };
  if (badSettings.some(isAboutAuto)) return { ...nothingStarts, ...auto };
  const checks = badSettings.includes("auto.checks") ? { checks: "off" as const } : {};
  const conflicts = badSettings.includes("auto.conflicts") ? { conflicts: "off" as const } : {};
  return auto && { ...auto, ...checks, ...conflicts };
}

/**
 * A role of which no name is left is nobody's: who has chosen a server of their own for their code must not find it sent to the operator's for a slip of the pen
 * (docs/decisions, "A choice that is not allowed asks nobody").
 */
function withoutSubstitute(values: PolicyFile, setting: string): PolicyFile {
  const [, agent, role] = aboutRole.exec(setting) ?? [];
  if (role !== "small" && role !== "large") return values;
  const { models = {} } = values;
  if (agent === undefined) return { ...values, models: { ...models, [role]: models[role] ?? [] } };
  const own = models.agents?.[agent];
  const choice = { ...own, [role]: own?.[role] ?? [] };
  return { ...values, models: { ...models, agents: { ...models.agents, [agent]: choice } } };
}
