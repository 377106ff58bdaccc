// Who is asked: the repository's choice among what the operator allows, else the operator's own.
import type { ModelRole } from "../core/model.ts";
import type { ModelSettings } from "../core/model-settings.ts";
import type { ModelPolicy } from "../core/policy.ts";

export interface Route {
  /** Names in the order in which they are asked: the next where one cannot answer. */
  readonly names: readonly string[];
  /** One line for each name that the repository chose and the operator does not allow. */
  readonly problems: readonly string[];
}

/**
 * Pure. Where nothing of the repository's choice is allowed nobody is asked: who has chosen a server of their own for their code must not find it sent to another
 * one for a slip of the pen.
 */
export function routeOf(
  role: ModelRole,
  agent: string,
  policy: ModelPolicy,
  { allowed, roles }: Pick<ModelSettings, "allowed" | "roles">,
): Route {
  if (!policy.enabled) return { names: [], problems: [] };
  const own = Object.hasOwn(policy.agents, agent) ? policy.agents[agent]?.[role] : undefined;
  const chosen = own ?? policy[role];
  if (chosen === undefined) return { names: roles[role], problems: [] };
  const names = chosen.filter((name) => allowed.includes(name));
  const problems = chosen
    .filter((name) => !allowed.includes(name))
    .map(
      (name) =>
        `agent.yml chooses ${name}, which is not among the models that this installation's operator allows: ${
          names.length > 0 ? "only the others of its list are asked" : "nobody is asked in its place"
        }. Ask whoever runs Errand here which models there are.`,
    );
  return { names, problems };
}
