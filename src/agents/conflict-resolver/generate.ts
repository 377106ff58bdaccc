// Tier generate: a small model writes the lines that replace the hunk; two of three samples have to write the same.
import type { Written } from "../../core/models.ts";
import { answerKey } from "../../merge/rank/answer-key.ts";
import { smallQuestion, writeNeeded, writeSamples } from "./limits.ts";
import { generatePrompt } from "./prompts/generate.ts";
import { hunkData, surroundings } from "./show.ts";
import { asWritten, whyNotWritten } from "./written-text.ts";
import type { Tier } from "./tier.ts";

export const generate: Tier = async ({ open, models, purpose }) => {
  const { path, hunk, before, after } = open;
  const whyNot = whyNotWritten(hunk);
  if (whyNot !== null)
    return { proposal: null, said: `No model may write it: ${whyNot}.`, callIds: [], next: "consult" };
  const written = await models.write(purpose("generate"), {
    prompt: generatePrompt,
    data: { ...hunkData(open), ...surroundings(open) },
    ...smallQuestion,
    samples: writeSamples,
    needed: writeNeeded,
    keyOf: (text) => answerKey(text, path),
  });
  const { callIds, model, votes } = written;
  const [most = 0] = votes;
  if (written.status === "agreed" && model !== null && most >= writeNeeded) {
    const samples = votes.reduce((sum, size) => sum + size, 0);
    const said = `${most} of ${samples} samples of ${model} wrote the same.`;
    const text = asWritten(written.text, hunk, before + after);
    return { proposal: { text, written: true, model }, said, callIds, next: "consult" };
  }
  return { proposal: null, said: sentence(written), callIds, next: "consult" };
};

function sentence({ status, model, why }: Written): string {
  if (status === "declined" && model !== null) return `Asked ${model} to write it: it cannot tell.`;
  return status === "too-large" ? "It is too large for a small model." : why;
}
