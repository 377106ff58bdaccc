// What is asked, and what is made of good answers.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ModelAnswer, ModelRequest } from "../../../src/core/model.ts";
import { clientFor } from "../../../src/model/clients/client-for.ts";
import { startScriptedServer } from "../../../src/scripted/server.ts";
import type { ScriptedReply, ScriptedServer } from "../../../src/scripted/server.ts";
import {
  endpointClient,
  labelSchema,
  nameOf,
  neverAborted,
  prompt,
  publicFetch,
  publicKeys,
  recordingFetch,
  requestOf,
  startRawServer,
  wires,
} from "./harness.ts";
import type { Wire } from "./harness.ts";

let reply: ScriptedReply;
let server: ScriptedServer;
beforeEach(async () => {
  reply = { kind: "text", text: "B" };
  server = await startScriptedServer(() => reply);
});
afterEach(() => server.close());

const ask = (wire: Wire, request: ModelRequest = requestOf()): Promise<ModelAnswer> =>
  endpointClient(wire, server.url).generate(request, neverAborted());

describe.each(wires)("%s", (wire) => {
  test("prompt, limit, schema and key arrive, in a form that the real API takes", async () => {
    await ask(wire, requestOf({ schema: labelSchema, sample: 2, maxOutputTokens: 17 }));
    expect(server.violations()).toEqual([]);
    expect(server.requests()).toEqual([
      {
        wire,
        model: "small",
        system: prompt.system,
        user: prompt.user,
        schema: labelSchema.schema,
        maxOutputTokens: 17,
        seed: wire === "openai" ? 2 : null,
        key: "key-of-the-endpoint-1234567890",
      },
    ]);
  });

  test("free text is asked for without a schema", async () => {
    await ask(wire);
    expect(server.requests()[0]?.schema).toBeNull();
  });

  test("text and usage come back, what is cached counted as input", async () => {
    const usage = { inputTokens: 120, cachedTokens: 70, cacheWriteTokens: 30, outputTokens: 9 };
    reply = { kind: "text", text: "the answer", usage };
    expect(await ask(wire)).toEqual({ text: "the answer", stopReason: "end", usage });
  });

  test("the server's own count is the usage", async () => {
    const { usage } = await ask(wire);
    expect(server.counts()).toEqual({
      small: { requests: 1, answered: 1, inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens },
    });
    expect(usage?.inputTokens).toBeGreaterThan(20);
  });

  test("no usage told is null, not zero", async () => {
    reply = { kind: "text", text: "B", usage: null };
    expect(await ask(wire)).toEqual({ text: "B", stopReason: "end", usage: null });
  });

  test("a truncated answer is an answer, with its usage", async () => {
    reply = { kind: "text", text: "half of", stop: "length" };
    expect(await ask(wire)).toMatchObject({
      text: "half of",
      stopReason: "length",
      usage: { outputTokens: 2 },
    });
  });

  test("a refusal is an answer, with its usage", async () => {
    reply = { kind: "text", text: "I cannot.", stop: "refusal" };
    expect(await ask(wire)).toMatchObject({ stopReason: "refusal", usage: { outputTokens: 3 } });
  });

  test("an empty answer is an answer", async () => {
    reply = { kind: "text", text: "" };
    expect(await ask(wire)).toMatchObject({ text: "", stopReason: "end" });
  });

  test("usage that cannot be is not believed", async () => {
    const counts = wire === "openai" ? '"prompt_tokens": -1, "completion_tokens": 2' : '"input_tokens": 1.5';
    const content =
      wire === "openai"
        ? '"choices": [{"message": {"content": "B"}, "finish_reason": "stop"}]'
        : '"content": [{"type": "text", "text": "B"}], "stop_reason": "end_turn"';
    reply = { kind: "raw", body: `{${content}, "usage": {${counts}}}` };
    expect(await ask(wire)).toEqual({ text: "B", stopReason: "end", usage: null });
  });

  test("a server without a key is sent none", async () => {
    await endpointClient(wire, server.url, { key: null }).generate(requestOf(), neverAborted());
    expect(server.requests()[0]?.key).toBeNull();
  });

  test("what leaves says nothing about this machine", async () => {
    const raw = await startRawServer((_, response) => response.writeHead(500).end());
    await endpointClient(wire, raw.url)
      .generate(requestOf(), neverAborted())
      .catch(() => null);
    await raw.close();
    const names = Object.keys(raw.requests()[0]?.headers ?? {});
    expect(names.filter((name) => name.startsWith("x-"))).toEqual([]);
    expect(raw.requests()[0]?.headers["user-agent"]).toBe("errand");
  });
});

describe("openai", () => {
  const answerOf = (message: object, finish: string | null = "stop") => ({
    kind: "raw" as const,
    body: JSON.stringify({ choices: [{ message, finish_reason: finish }] }),
  });

  test.each([
    ["<think>hm</think>\n\nB", "B"],
    ["\n<think>\nA? </think>B", "B"],
    ["<think>never ends", ""],
    ["B <think>is</think> right", "B <think>is</think> right"],
  ])("thoughts before an answer are no part of it: %j", async (text, expected) => {
    reply = { kind: "text", text };
    expect((await ask("openai")).text).toBe(expected);
  });

  test("reasoning apart from the content is no part of it", async () => {
    reply = answerOf({ content: "B", reasoning_content: "hm", reasoning: "hm" });
    expect((await ask("openai")).text).toBe("B");
  });

  test.each([
    [{ content: "B" }, "content_filter", "refusal"],
    [{ content: null, refusal: "No." }, "stop", "refusal"],
    [{ content: null }, "tool_calls", "other"],
    [{ content: "B" }, null, "other"],
  ])("%j that stopped by %j is %j", async (message, finish, stopReason) => {
    reply = answerOf(message, finish);
    expect(await ask("openai")).toMatchObject({ stopReason });
  });

  test("more cached than there was input is cut to it", async () => {
    reply = {
      kind: "raw",
      body: JSON.stringify({
        choices: [{ message: { content: "B" }, finish_reason: "stop" }],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 1,
          prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 8 },
        },
      }),
    };
    expect((await ask("openai")).usage).toEqual({
      inputTokens: 10,
      cachedTokens: 8,
      cacheWriteTokens: 2,
      outputTokens: 1,
    });
  });

  test("samples of one question differ by seed, and by temperature from the second on", async () => {
    const { fetch, bodies } = recordingFetch();
    const client = endpointClient("openai", server.url, { fetch });
    for (const sample of [0, 1]) await client.generate(requestOf({ sample }), neverAborted());
    expect(bodies).toMatchObject([
      { seed: 0, temperature: 0, max_tokens: 64, reasoning_effort: "none" },
      { seed: 1, temperature: 0.7, max_tokens: 64, reasoning_effort: "none" },
    ]);
  });

  test.each([
    ["gpt-6-luna", { reasoning_effort: "none" }],
    ["gpt-6.1-sol", { reasoning_effort: "low" }],
    ["gpt-5-mini", { reasoning_effort: "low" }],
    ["gpt-5.4-nano", { reasoning_effort: "none" }],
    ["o4-mini", { reasoning_effort: "low" }],
    ["gpt-4.1-mini", { temperature: 0 }],
  ])("the public API is asked for %s with %j, and keeps nothing", async (model, extras) => {
    const open = await startScriptedServer(() => reply, { openai: "public" });
    const { fetch: redirected, asked } = publicFetch(open.url);
    const { fetch, bodies } = recordingFetch(redirected);
    const client = clientFor({ keys: publicKeys, endpoints: {} }, { fetch })(nameOf(`openai:${model}`));
    await client.generate(requestOf({ schema: labelSchema }), neverAborted());
    await open.close();
    expect(open.violations()).toEqual([]);
    expect(asked).toEqual(["https://api.openai.com/v1/chat/completions"]);
    expect(open.requests()[0]?.key).toBe(publicKeys.openai);
    expect(bodies).toEqual([
      {
        model,
        messages: expect.anything(),
        response_format: expect.anything(),
        max_completion_tokens: 64,
        store: false,
        ...extras,
      },
    ]);
  });
});

describe("anthropic", () => {
  test.each([
    ["model_context_window_exceeded", "length"],
    ["stop_sequence", "end"],
    ["pause_turn", "other"],
    ["tool_use", "other"],
  ])("%s is %s", async (reason, stopReason) => {
    reply = { kind: "raw", body: JSON.stringify({ content: [], stop_reason: reason }) };
    expect(await ask("anthropic")).toEqual({ text: "", stopReason, usage: null });
  });

  test("thoughts are no part of the answer, blocks of text are joined", async () => {
    const content = [
      { type: "thinking", thinking: "hm", signature: "x" },
      { type: "text", text: "A" },
      { type: "text", text: "B" },
    ];
    reply = { kind: "raw", body: JSON.stringify({ content, stop_reason: "end_turn" }) };
    expect((await ask("anthropic")).text).toBe("AB");
  });

  test("the public API is asked at its own address with its own key", async () => {
    const { fetch, asked } = publicFetch(server.url);
    const client = clientFor(
      { keys: publicKeys, endpoints: {} },
      { fetch },
    )(nameOf("anthropic:claude-haiku-5-5"));
    await client.generate(requestOf(), neverAborted());
    expect(asked).toEqual(["https://api.anthropic.com/v1/messages"]);
    expect(server.requests()[0]?.key).toBe(publicKeys.anthropic);
  });

  test("an address with /v1 at its end is the same address", async () => {
    await endpointClient("anthropic", `${server.url}/v1`).generate(requestOf(), neverAborted());
    expect(server.requests()).toHaveLength(1);
  });
});
