// A logged prompt asked again through the metered path: budget, retries and ledger are the product's own.
import { defaultPolicy } from "../../config/policy-defaults.ts";
import { loggedPrompt } from "../../core/prompt.ts";
import { choiceSchema } from "../../model/choice-schema.ts";
import { createAsker } from "../../model/asker.ts";
import type { Asker, AskerParts } from "../../model/asker.ts";
import { isLabelSlot, isWellFormed, labelsOf } from "./answers.ts";
import { roleOfSlot } from "./ports.ts";
import type { TextCall } from "./questions.ts";
import type { AskLogged } from "./shadow.ts";

/** Tokens of an answer: twice what the old model used, as others word things at greater length. */
const leastRoom = 512;
const mostRoom = 8_192;

const roomFor = ({ usage }: TextCall): number =>
  Math.min(mostRoom, Math.max(leastRoom, 2 * (usage?.outputTokens ?? 0)));

/** What was compared until then still counts. */
const calledOff = { answered: false, callIds: [], why: "It was called off." } as const;

/**
 * Asks one model and no other, whatever the roles say. Calls count for the pull request that the question came from, and for one run: the replay. Texts are not
 * kept again. An aborted `signal` leaves what remains unasked. Rejects when the store is gone.
 */
export function createAskLogged(model: string, parts: AskerParts, signal: AbortSignal): AskLogged {
  const settings = { ...parts.settings, roles: { small: [model], large: [model] } };
  const askers = new Map<string, Asker>();
  const askerOf = (runId: string, { installationId, owner, repo, number }: TextCall): Asker => {
    const key = `${installationId}/${owner}/${repo}#${number}`.toLowerCase();
    const pull = { installationId, owner, repo, number };
    const run = { runId, pull, fromFork: false, policy: defaultPolicy, signal };
    const asker = askers.get(key) ?? createAsker(run, { ...parts, settings });
    askers.set(key, asker);
    return asker;
  };
  return async (call, { runId, subject }) => {
    const { slot, agent, kind, sample, promptHash: hash, contents } = call;
    const { system, user } = contents;
    const request = {
      prompt: loggedPrompt({ hash, system, user }),
      maxOutputTokens: roomFor(call),
      schema: isLabelSlot(slot) ? choiceSchema(labelsOf(user)) : null,
      sample,
    };
    const purpose = { agent, slot, role: roleOfSlot(slot), subject, kind };
    const isAnswer = (answer: string): boolean => isWellFormed({ agent, slot, user, answer });
    const sampled = await askerOf(runId, call)
      .sample(purpose, request, isAnswer)
      .catch((error: unknown) => {
        if (signal.aborted) return calledOff;
        throw error;
      });
    const { callIds } = sampled;
    if (!sampled.answered) return { text: null, callIds, why: sampled.why };
    return { text: sampled.status === "answered" ? sampled.answer.text : null, callIds, why: null };
  };
}
