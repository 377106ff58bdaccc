// `errand ledger promote`: what to set so that another model fills a slot, and on which evidence. Applies nothing.
import type { ModelCall } from "../../core/ledger.ts";
import type { ModelSettings } from "../../core/model-settings.ts";
import { printable } from "../bench/printable.ts";
import { evidenceText } from "./evidence-text.ts";
import { allCalls, isShadow, roleOfSlot } from "./ports.ts";
import type { LedgerPorts } from "./ports.ts";
import { evidenceOf, verdictsOf } from "./verdicts.ts";
import type { Evidence } from "./verdicts.ts";

export interface PromoteOptions {
  readonly model: string;
  readonly slot: string;
  /** Left out: every agent that has the slot. */
  readonly agent?: string | undefined;
  readonly json: boolean;
}

export interface Promotion {
  readonly promoted: boolean;
  readonly why: string;
  /** The replay that it rests on. */
  readonly runId: string | null;
  readonly evidence: readonly Evidence[];
  /** Lines to set; `null` where it is refused. */
  readonly change: { readonly environment: string; readonly agentYml: string; readonly note: string } | null;
}

/** Returns the exit code: 0 with a change to make, 1 when it is refused. */
export async function promote(
  options: PromoteOptions,
  { ledger, print }: LedgerPorts,
  settings: Pick<ModelSettings, "roles" | "allowed">,
): Promise<number> {
  const calls: ModelCall[] = [];
  for await (const call of allCalls(ledger))
    if (isShadow(call) && call.model === options.model) calls.push(call);
  const promotion = promotionOf(options, calls, settings);
  print(options.json ? `${JSON.stringify(promotion, null, 2)}\n` : promotionText(options, promotion));
  return promotion.promoted ? 0 : 1;
}

/** Pure. `calls` are those of replays on this model, oldest first: the last replay that asked this slot counts, good or bad. */
export function promotionOf(
  { model, slot, agent }: PromoteOptions,
  calls: readonly ModelCall[],
  { roles, allowed }: Pick<ModelSettings, "roles" | "allowed">,
): Promotion {
  const its = calls.filter((call) => call.slot === slot && (agent === undefined || call.agent === agent));
  const runId = its.at(-1)?.runId ?? null;
  const evidence = evidenceOf(verdictsOf(its.filter((call) => call.runId === runId)));
  const refused = (why: string): Promotion => ({ promoted: false, why, runId, evidence, change: null });
  if (evidence.length === 0)
    return refused(
      `There is no evidence: no replay of ${slot} on ${model} is in the ledger. Run \`errand ledger shadow --model ${model} --slot ${slot}\` first.`,
    );
  const failing = evidence.find(({ bar }) => !bar.met);
  if (failing) return refused(failing.bar.why);
  const role = roleOfSlot(slot);
  const names = [model, ...roles[role].filter((name) => name !== model)];
  return {
    promoted: true,
    why: evidence.map(({ bar }) => bar.why).join(" "),
    runId,
    evidence,
    change: {
      environment:
        agent === undefined
          ? `ERRAND_${role.toUpperCase()}_MODEL=${names.join(",")}`
          : `ERRAND_MODELS=${[...new Set([...allowed, model])].join(",")}`,
      agentYml: agentYml(role, names, agent),
      note: noteOf(role, slot, agent),
    },
  };
}

function agentYml(role: string, names: readonly string[], agent: string | undefined): string {
  const list = `${role}: [${names.map((name) => JSON.stringify(name)).join(", ")}]`;
  return agent === undefined ? `models:\n  ${list}\n` : `models:\n  agents:\n    ${agent}:\n      ${list}\n`;
}

/** A model is chosen by role, not by slot: what the evidence does not cover has to be said. */
function noteOf(role: string, slot: string, agent: string | undefined): string {
  const where =
    agent === undefined
      ? ""
      : " A choice for one agent is a repository's to make, in agent.yml; the operator has to allow the model.";
  return `Models are chosen by role: this one would fill every slot of the role "${role}", and the evidence is of ${slot} alone. Replay the others before you set it.${where}`;
}

function promotionText(
  { model, slot }: PromoteOptions,
  { promoted, why, runId, evidence, change }: Promotion,
): string {
  const tables = evidence.length === 0 ? "" : `${evidenceText(model, evidence, () => "present model")}\n`;
  if (!promoted || change === null) return `${tables}Not promoted. ${why}\n`;
  return `${tables}Evidence: ${runId ?? ""}. Nothing was changed; to let ${printable(model)} fill ${printable(slot)}, set one of these.

The operator, in the environment or in .env:

  ${change.environment}

A repository, in .github/agent.yml on its default branch:

${change.agentYml.replace(/^(?=.)/gm, "  ")}
${change.note}
`;
}
