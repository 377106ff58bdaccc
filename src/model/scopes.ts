// The sums that a call counts in, and their limits.
import type { SpendScope } from "../core/ledger.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import type { ModelRunFacts } from "../core/models.ts";
import { pullKey } from "../core/pull.ts";

const day = 86_400_000;

/** How long sums are remembered after their last use, in days: longer than what they are sums of can last. */
const kept = { run: 30, pull: 400, day: 3, installation: 70 } as const;

/** Run, pull request, UTC day of the whole app, UTC month of the installation. A repository may lower the first two, never raise them. */
export function scopesOf(
  { runId, pull, policy }: Pick<ModelRunFacts, "runId" | "pull" | "policy">,
  { budget }: Pick<ModelSettings, "budget">,
  now: number,
): SpendScope[] {
  const date = new Date(now).toISOString();
  const lower = (operator: number, repository: number | null): number =>
    repository === null ? operator : Math.min(operator, repository);
  const scope = (name: SpendScope["name"], key: string, limitMicros: number): SpendScope => ({
    name,
    key: `${name}:${key}`,
    limitMicros,
    expiresAt: now + kept[name] * day,
  });
  return [
    scope("run", runId, lower(budget.run, policy.models.budget.run)),
    scope("pull", pullKey(pull), lower(budget.pull, policy.models.budget.pull)),
    scope("day", date.slice(0, "2026-11-23".length), budget.day),
    scope("installation", `${pull.installationId}:${date.slice(0, "2026-11".length)}`, budget.installation),
  ];
}
