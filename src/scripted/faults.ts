// Models that go wrong, each in one way: scripts to start a server with, alone or around one another.
import { createHash } from "node:crypto";
import { fillSchema } from "./fill-schema.ts";
import { tokensOf } from "./script.ts";
import type { Answerer, ScriptedReply, ScriptedRequest } from "./script.ts";

const text = (said: string): ScriptedReply => ({ kind: "text", text: said });

export const refusing: Answerer = () => ({
  kind: "text",
  text: "I cannot help with that.",
  stop: "refusal",
});

/** Cuts what `answer` says where the request's limit is, as every real model is cut. */
export function truncating(answer: Answerer): Answerer {
  return async (asked) => {
    const reply = await answer(asked);
    if (reply.kind !== "text" || tokensOf(reply.text) <= asked.maxOutputTokens) return reply;
    const cut = Buffer.from(reply.text).subarray(0, asked.maxOutputTokens * 4);
    return { ...reply, text: cut.toString("utf8").replace(/\uFFFD+$/u, ""), stop: "length" };
  };
}

/** The same question gets the same bytes, whenever it comes and whatever else is asked. */
function chance(seed: number, asked: ScriptedRequest): Buffer {
  const question = JSON.stringify([seed, asked.system, asked.user, asked.seed]);
  return createHash("sha256").update(question).digest();
}

/** Lines that mean nothing. */
export function garbageText(seed: number): Answerer {
  return (asked) =>
    text(
      chance(seed, asked)
        .toString("base64")
        .replaceAll(/[+/=A]/g, " \n"),
    );
}

/** A label that is allowed, and drawn at random; without a schema a letter. */
export function garbageLabel(seed: number): Answerer {
  return (asked) => {
    const drawn = chance(seed, asked).readUInt32BE();
    if (asked.schema === null) return text(String.fromCharCode(65 + (drawn % 26)));
    const filled = fillSchema(asked.schema, (values) => values[drawn % values.length]);
    return text(JSON.stringify(filled));
  };
}

/** The shape that is asked for, with labels that it does not allow: as of a server that passes over schemas. */
export const wrongLabel: Answerer = ({ schema }) => {
  const wrong = "no such label";
  return text(schema === null ? wrong : JSON.stringify(fillSchema(schema, () => wrong)));
};

/** An answer that begins as JSON and does not end as it. */
export const malformedJson: Answerer = () => text('{"choice": "A", "why": "the left si');

/** Tells its instructions instead of following them. */
export const promptLeaking: Answerer = ({ system }) => text(system);

export function slow(ms: number, then: Answerer): Answerer {
  return async (asked) => ({ kind: "slow", ms, then: await then(asked) });
}

export function failing(status: number, retryAfterSeconds?: number): Answerer {
  return () => ({
    kind: "status",
    status,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** The first `count` requests get `reply`, the rest what `then` says. */
export function failingFirst(count: number, reply: ScriptedReply, then: Answerer): Answerer {
  let left = count;
  return (asked) => {
    if (left <= 0) return then(asked);
    left--;
    return reply;
  };
}

/** A body that begins as an answer and goes on for 10 MB. */
export const tenMegabytes: Answerer = ({ wire }) => ({
  kind: "raw",
  body: `${beginnings[wire]}${"x".repeat(10_000_000)}`,
});

const beginnings = {
  openai: '{"choices": [{"message": {"content": "',
  anthropic: '{"content": [{"type": "text", "text": "',
};
