// What a check is about when no rule knows: one question with fixed answers. Whatever it says, nothing is changed but what reproduces.
import type { FailedCheck, FailureKind } from "../../core/failed-check.ts";
import type { Budget } from "./budget.ts";
import { pickQuestion, pickSamples } from "./limits.ts";
import { classifyPrompt } from "./prompts/classify.ts";

const kinds: readonly { readonly kind: FailureKind; readonly text: string }[] = [
  { kind: "test", text: "A test failed: an assertion, an error in a test, a crash while the tests ran." },
  { kind: "type", text: "A type checker or compiler refused the code." },
  { kind: "lint", text: "A linter or formatter complained of style." },
  { kind: "install", text: "Dependencies could not be installed." },
  {
    kind: "infrastructure",
    text: "The machine, the network or a service failed, or time ran out: not the code.",
  },
];

/** `null` where nobody can be asked, or the samples do not agree. */
export async function classifyWithModel(
  checks: readonly FailedCheck[],
  budget: Budget,
  seed: string,
): Promise<{ readonly kind: FailureKind; readonly why: string } | null> {
  const log = checks.map((check) => check.log ?? "").join("\n");
  const names = checks.map(({ name, step }) => `${name}${step === null ? "" : `, step ${step}`}`).join("\n");
  const asked = await budget.choose("classify", null, {
    prompt: classifyPrompt,
    data: {
      check: { text: names, maxBytes: 500, maxLines: 5 },
      log: { text: log.slice(-6_000), maxBytes: 6_000, maxLines: 120 },
    },
    options: kinds.map(({ text }) => ({ text, maxBytes: 200, maxLines: 1 })),
    samples: pickSamples,
    seed,
    ...pickQuestion,
  });
  const found = asked?.index === undefined || asked.index === null ? undefined : kinds[asked.index];
  return found && asked ? { kind: found.kind, why: asked.why } : null;
}
