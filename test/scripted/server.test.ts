// The scripted server: as strict as the real APIs, and an honest count of what it answered.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { Answerer, ScriptedServer } from "../../src/scripted/server.ts";

let answer: Answerer;
let server: ScriptedServer;
beforeEach(async () => {
  answer = () => ({ kind: "text", text: "four" });
  server = await startScriptedServer((asked) => answer(asked));
});
afterEach(() => server.close());

const openaiBody = {
  model: "m",
  messages: [
    { role: "system", content: "12345678" },
    { role: "user", content: "1234" },
  ],
  max_tokens: 5,
};
const anthropicBody = {
  model: "m",
  max_tokens: 5,
  system: "12345678",
  messages: [{ role: "user", content: "1234" }],
};

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2026-10-21", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const chat = (more: object = {}) => post("/v1/chat/completions", { ...openaiBody, ...more });
const messages = (more: object = {}) => post("/v1/messages", { ...anthropicBody, ...more });

describe("requests", () => {
  test.each([
    ["/v1/chat/completions", { ...openaiBody, max_completion_tokens: 5 }],
    ["/v1/chat/completions", { ...openaiBody, store: false }],
    ["/v1/chat/completions", { ...openaiBody, stream: true }],
    ["/v1/chat/completions", { ...openaiBody, messages: [] }],
    ["/v1/chat/completions", { ...openaiBody, temperature: 3 }],
    ["/v1/chat/completions", { ...openaiBody, response_format: { type: "json_object" } }],
    ["/v1/chat/completions", "not JSON"],
    ["/v1/messages", { ...anthropicBody, temperature: 0 }],
    ["/v1/messages", { ...anthropicBody, top_p: 1 }],
    ["/v1/messages", { ...anthropicBody, seed: 1 }],
    ["/v1/messages", { ...anthropicBody, response_format: {} }],
    ["/v1/messages", { ...anthropicBody, output_config: { effort: "none" } }],
    ["/v1/messages", { ...anthropicBody, max_tokens: 0 }],
  ])("%s refuses %j, and remembers it", async (path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
    expect(server.violations()).toHaveLength(1);
    expect(server.requests()).toEqual([]);
    expect(server.counts()).toEqual({});
  });

  test("Anthropic's version must be named", async () => {
    const response = await fetch(`${server.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify(anthropicBody),
    });
    expect(response.status).toBe(400);
    expect(server.violations()).toEqual(["anthropic-version: header is required"]);
  });

  test.each([
    [{ max_tokens: 5 }, 400],
    [{ chat_template_kwargs: { enable_thinking: false } }, 400],
    [{ reasoning_effort: "low", temperature: 0 }, 400],
    [{ reasoning_effort: "low" }, 200],
    [{ temperature: 0, store: false, seed: 1 }, 200],
  ])("the public API answers %j with %d", async (more, status) => {
    const open = await startScriptedServer(answer, { openai: "public" });
    const { max_tokens: limit, ...rest } = openaiBody;
    const response = await fetch(`${open.openaiUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ ...rest, max_completion_tokens: limit, ...more }),
    });
    await open.close();
    expect(response.status).toBe(status);
    expect(open.violations()).toHaveLength(status === 200 ? 0 : 1);
  });

  test("a path that is not served is remembered", async () => {
    expect((await post("/v1/v1/messages", anthropicBody)).status).toBe(404);
    expect(server.violations()).toEqual(["POST /v1/v1/messages: there is no such route"]);
  });

  test("keys are told apart from none", async () => {
    await post("/v1/chat/completions", openaiBody, { authorization: "Bearer one" });
    await post("/v1/messages", anthropicBody, { "x-api-key": "two" });
    await post("/v1/messages", anthropicBody);
    expect(server.requests().map(({ key }) => key)).toEqual(["one", "two", null]);
  });

  test("models are listed", async () => {
    expect(await (await fetch(`${server.openaiUrl}/models`)).json()).toMatchObject({ object: "list" });
  });
});

describe("replies", () => {
  test("text in OpenAI's shape", async () => {
    expect(await (await chat()).json()).toMatchObject({
      choices: [{ message: { role: "assistant", content: "four", refusal: null }, finish_reason: "stop" }],
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
    });
  });

  test("text in Anthropic's shape, input told without what was cached", async () => {
    const usage = { inputTokens: 10, cachedTokens: 4, cacheWriteTokens: 1, outputTokens: 2 };
    answer = () => ({ kind: "text", text: "four", stop: "length", usage });
    expect(await (await messages()).json()).toMatchObject({
      content: [{ type: "text", text: "four" }],
      stop_reason: "max_tokens",
      usage: {
        input_tokens: 5,
        cache_read_input_tokens: 4,
        cache_creation_input_tokens: 1,
        output_tokens: 2,
      },
    });
    expect(server.counts()["m"]).toEqual({ requests: 1, answered: 1, inputTokens: 10, outputTokens: 2 });
  });

  test("a status with retry-after", async () => {
    answer = () => ({ kind: "status", status: 529, retryAfterSeconds: 3, message: "Busy." });
    const response = await messages();
    expect(response.status).toBe(529);
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await response.json()).toMatchObject({
      type: "error",
      error: { type: "overloaded_error", message: "Busy." },
    });
  });

  test("counts hold what was answered, whether or not it was told, and nothing else", async () => {
    const replies = [
      { kind: "text", text: "four" },
      { kind: "text", text: "eight888", usage: null },
      { kind: "status", status: 500 },
      { kind: "raw", body: "{}" },
    ] as const;
    let next = 0;
    answer = () => replies[next++] ?? { kind: "drop" };
    while (next < replies.length) await chat();
    await chat({ model: "other" }).catch(() => null);
    expect(server.counts()).toEqual({
      m: { requests: 4, answered: 2, inputTokens: 6, outputTokens: 3 },
      other: { requests: 1, answered: 0, inputTokens: 0, outputTokens: 0 },
    });
  });

  test("what comes too late for a client that went away is not counted as answered", async () => {
    let release: () => void = () => undefined;
    let tell: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const answered = held.then(() => ({ kind: "text" as const, text: "late" }));
    answer = () => {
      tell();
      return answered;
    };
    const controller = new AbortController();
    const call = fetch(`${server.openaiUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify(openaiBody),
      signal: controller.signal,
    });
    await arrived;
    controller.abort();
    await expect(call).rejects.toThrow();
    // By the time that it has answered others, the server has heard of it.
    for (let others = 0; others < 5; others++) await fetch(`${server.openaiUrl}/models`);
    release();
    await answered;
    await fetch(`${server.openaiUrl}/models`);
    expect(server.counts()["m"]).toMatchObject({ requests: 1, answered: 0 });
  });

  test("a slow reply comes", async () => {
    answer = () => ({ kind: "slow", ms: 5, then: { kind: "status", status: 429 } });
    expect((await chat()).status).toBe(429);
  });

  test.each([
    ["hang", { kind: "hang" }],
    ["slow", { kind: "slow", ms: 600_000, then: { kind: "hang" } }],
  ] as const)("closing ends what would still %s", async (_, reply) => {
    let tell: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      tell = resolve;
    });
    answer = () => {
      tell();
      return reply;
    };
    const call = chat();
    const ended = expect(call).rejects.toThrow();
    await arrived;
    await server.close();
    await ended;
    expect(server.violations()).toEqual([]);
  });

  test("a script that throws is a violation, and a server error", async () => {
    answer = () => {
      throw new Error("no line left");
    };
    expect((await chat()).status).toBe(500);
    expect(server.violations()).toEqual(["The script failed: no line left"]);
  });
});
