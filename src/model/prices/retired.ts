// Models that their providers take out of service, so that the app can say so before a run fails.
import { modelNameText } from "../../core/model.ts";
import type { ModelName } from "../../core/model.ts";

/**
 * Days as providers have announced them, looked up in November 2026: developers.openai.com/api/docs/deprecations and gpt-5.4-nano's page; the Anthropic SDK's
 * DEPRECATED_MODELS (1.12.0).
 */
const retirements = new Map([
  ["openai:gpt-4.1-nano", "2026-10-23"],
  ["openai:gpt-5", "2026-12-11"],
  ["openai:gpt-5-mini", "2026-12-11"],
  ["openai:gpt-5-nano", "2026-12-11"],
  ["openai:gpt-4o", "2027-01-14"],
  ["openai:gpt-4o-mini", "2027-01-14"],
  ["openai:gpt-4.1", "2027-01-14"],
  ["openai:gpt-4.1-mini", "2027-01-14"],
  ["openai:gpt-5.4-nano", "2027-04-01"],
  ["anthropic:claude-sonnet-4-5", "2026-11-30"],
  ["anthropic:claude-sonnet-4-5-20250929", "2026-11-30"],
]);

interface Retirement {
  /** The day, in UTC: "2026-12-11". */
  readonly on: string;
  readonly gone: boolean;
}

/** `null` where none is announced that we know of, and for servers of one's own: they serve what they like. */
export function retirementOf(name: ModelName, now: Date): Retirement | null {
  const on = retirements.get(modelNameText(name));
  return on === undefined ? null : { on, gone: now.getTime() >= Date.parse(on) };
}

/** One line for the operator; `null` where there is nothing to say. */
export function retirementWarning(name: ModelName, now: Date): string | null {
  const retirement = retirementOf(name, now);
  if (retirement === null) return null;
  const { on, gone } = retirement;
  const what = gone
    ? `was retired by its provider on ${on}: calls of it fail`
    : `is retired by its provider on ${on}: calls of it will fail from then on`;
  return `${modelNameText(name)} ${what}. Name another model in its place (docs/models.md).`;
}
