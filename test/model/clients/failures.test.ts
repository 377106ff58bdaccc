// Every way in which a server refuses: what it is called, whether another try may help, and that nothing secret is said.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AppError } from "../../../src/core/errors.ts";
import { clientFor } from "../../../src/model/clients/client-for.ts";
import { failureWord, mayHaveBeenBilled } from "../../../src/model/clients/failure.ts";
import { startScriptedServer } from "../../../src/scripted/server.ts";
import type { ScriptedReply, ScriptedServer } from "../../../src/scripted/server.ts";
import {
  allOf,
  endpointClient,
  endpointKey,
  labelSchema,
  nameOf,
  neverAborted,
  prompt,
  requestOf,
  startRawServer,
  thrownBy,
  wires,
} from "./harness.ts";

let reply: ScriptedReply;
let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer(() => reply);
});
afterEach(() => server.close());

/** A server that gives one status, body and headers to all. */
const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  startRawServer((_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });

describe.each(wires)("%s", (wire) => {
  test.each([
    [400, "refused request", false],
    [401, "wrong key", false],
    [402, "no credit", false],
    [403, "wrong key", false],
    [404, "unknown model", false],
    [408, "timed out", true],
    [409, "overloaded", true],
    [413, "context overflow", false],
    [418, "refused request", false],
    [422, "refused request", false],
    [429, "rate limited", true],
    [500, "server error", true],
    [502, "server error", true],
    [503, "overloaded", true],
    [504, "timed out", true],
    [529, "overloaded", true],
  ])("%d is %j, retryable: %j; one request was sent", async (status, word, retryable) => {
    reply = { kind: "status", status, message: "Overdone." };
    const error = await thrownBy(endpointClient(wire, server.url));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "model", retryable, retryAfterMs: undefined });
    expect(failureWord(error)).toBe(word);
    expect(error.message).toContain(`${wire}:small@own`);
    expect(error.message).toContain(`(${status})`);
    expect(error.message).toContain('"Overdone"');
    expect(server.requests()).toHaveLength(1);
  });

  test.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.25" }, 250],
    [{ "retry-after-ms": "1500", "retry-after": "9" }, 1500],
    [{ "retry-after": "3600" }, 60_000],
    [{ "retry-after": "Mon, 23 Nov 2099 12:00:00 GMT" }, 60_000],
    [{ "retry-after": "soon" }, undefined],
  ])("%j is waited for %j ms", async (headers, ms) => {
    const raw = await answering(429, { error: { message: "Slow down." } }, headers);
    const error = await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect(error.retryAfterMs).toBe(ms);
    expect(raw.requests()).toHaveLength(1);
  });

  test("x-should-retry does not make a second request", async () => {
    const raw = await answering(500, {}, { "x-should-retry": "true" });
    await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect(raw.requests()).toHaveLength(1);
  });

  test.each([
    [
      400,
      { error: { message: "Too long.", code: "context_length_exceeded", type: "invalid_request_error" } },
    ],
    [400, { object: "error", message: "This model's maximum context length is 4096 tokens.", code: 400 }],
    [400, { error: { message: "The prompt is longer than the maximum model length of 512", code: 400 } }],
    [400, { error: { code: 400, message: "it is too much", type: "exceed_context_size_error", n_ctx: 256 } }],
    [500, { error: { code: 500, message: "Context size has been exceeded.", type: "server_error" } }],
    [
      200,
      {
        error: {
          code: 400,
          message: "exceeds the available context size",
          type: "exceed_context_size_error",
        },
      },
    ],
    [400, { error: { message: "Requested tokens (2285) exceed context window of 2048", code: null } }],
    [
      400,
      {
        type: "error",
        error: { type: "invalid_request_error", message: "prompt is too long: 9 > 8 maximum" },
      },
    ],
    [413, "<html>413 Request Entity Too Large</html>"],
  ])("%d %j is a context overflow", async (status, body) => {
    const raw = await answering(status, body);
    const error = await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect(failureWord(error)).toBe("context overflow");
    expect(error.retryable).toBe(false);
    expect(error.message).toContain("context");
  });

  test("an account without credit is not asked again", async () => {
    const raw = await answering(429, {
      error: { message: "You exceeded your quota.", code: "insufficient_quota" },
    });
    const error = await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect([failureWord(error), error.retryable]).toEqual(["no credit", false]);
  });

  test("an error inside a good answer is an error", async () => {
    const raw = await answering(200, { error: { message: "Upstream is busy.", code: 503 } });
    const error = await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect([failureWord(error), error.retryable]).toEqual(["overloaded", true]);
  });

  test.each(['{"choices": [', "", "<html>hello</html>", "null"])("%j is not an answer", async (body) => {
    reply = { kind: "raw", body, contentType: body.startsWith("<") ? "text/html" : "application/json" };
    const error = await thrownBy(endpointClient(wire, server.url));
    expect(failureWord(error)).toBe(body === "null" ? "not an answer" : "not JSON");
    expect(error.retryable).toBe(body !== "null");
    expect(mayHaveBeenBilled(error)).toBe(true);
    expect(allOf(error)).not.toContain("hello");
  });

  test("JSON of another kind is not an answer", async () => {
    reply = { kind: "raw", body: '{"hello": "you"}' };
    const error = await thrownBy(endpointClient(wire, server.url));
    expect(failureWord(error)).toBe("not an answer");
    expect(error.retryable).toBe(false);
  });

  test("nobody there: cannot be reached, and cost nothing", async () => {
    await server.close();
    const error = await thrownBy(endpointClient(wire, server.url));
    expect([failureWord(error), error.retryable]).toEqual(["unreachable", true]);
    expect(error.message).toContain("cannot be reached");
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.remedy).toContain("ERRAND_ENDPOINTS");
    expect(mayHaveBeenBilled(error)).toBe(false);
  });

  test.each([
    ["ENOTFOUND", "unreachable", false],
    ["EAI_AGAIN", "unreachable", false],
    ["UND_ERR_CONNECT_TIMEOUT", "timed out", false],
    ["UND_ERR_HEADERS_TIMEOUT", "timed out", true],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "unreachable", false],
    ["ECONNRESET", "unreachable", true],
    ["UND_ERR_SOCKET", "unreachable", true],
  ])("%s is %j, may have cost something: %j", async (code, word, billed) => {
    const cause = Object.assign(new Error(`with ${endpointKey}`), { code });
    const error = await thrownBy(
      endpointClient(wire, server.url, {
        fetch: () => Promise.reject(new TypeError("fetch failed", { cause })),
      }),
    );
    expect([failureWord(error), mayHaveBeenBilled(error)]).toEqual([word, billed]);
    // Only one that has been let wait to its end is not tried again.
    expect(error.retryable).toBe(code !== "UND_ERR_HEADERS_TIMEOUT");
    expect(error.message).toContain(code);
    expect(allOf(error)).not.toContain(endpointKey);
  });

  test("a connection that breaks off cannot be reached, and may have cost something", async () => {
    reply = { kind: "drop" };
    const error = await thrownBy(endpointClient(wire, server.url));
    expect([failureWord(error), error.retryable]).toEqual(["unreachable", true]);
    expect(mayHaveBeenBilled(error)).toBe(true);
    expect(server.requests()).toHaveLength(1);
  });

  test("an answer that breaks off in the middle is no answer", async () => {
    const raw = await startRawServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"choices": [', () => response.destroy());
    });
    const error = await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect([failureWord(error), error.retryable]).toEqual(["unreachable", true]);
    expect(mayHaveBeenBilled(error)).toBe(true);
  });

  test("what the server says is one line of at most 200 characters, without hidden ones", async () => {
    const text = `first\nsecond\u0007\u202e\u001b[31m ${"long ".repeat(500)}`;
    const raw = await answering(500, { error: { message: text } });
    const { message } = await thrownBy(endpointClient(wire, raw.url));
    await raw.close();
    expect(message).toContain("first second");
    const hidden = ["\n", "\u0007", "\u202e", "\u001b"];
    expect(hidden.filter((one) => message.includes(one))).toEqual([]);
    expect(/"(.*)"/.exec(message)?.[1]).toHaveLength(200);
  });

  test.each([400, 401, 500])(
    "%d: neither key nor prompt is in the error, even if the server repeats them",
    async (status) => {
      const text = `key ${endpointKey}`;
      const echoes = await answering(status, {
        error: { message: `${text} of ${prompt.user}` },
        echo: prompt.system,
      });
      const alone = await answering(status, { error: { message: text } });
      const errors = [
        await thrownBy(endpointClient(wire, echoes.url)),
        await thrownBy(endpointClient(wire, alone.url)),
      ];
      await Promise.all([echoes.close(), alone.close()]);
      const all = errors.map(allOf).join("\n");
      expect(all).not.toContain(endpointKey);
      expect(all).not.toContain("which of them keeps");
      expect(all).not.toContain("You choose among");
      expect(all).toContain("key [redacted");
    },
  );

  test("a key that no header can hold stays secret, too", async () => {
    const error = await thrownBy(endpointClient(wire, server.url, { key: "secret\nkey" }));
    expect(failureWord(error)).toBe("failed");
    expect(allOf(error)).not.toContain("secret");
    expect(server.requests()).toEqual([]);
  });

  test("without a key nothing is sent, and the variable is named", async () => {
    const name = nameOf(`${wire}:small`);
    const error = await thrownBy(clientFor({ keys: { openai: null, anthropic: null }, endpoints: {} })(name));
    expect(failureWord(error)).toBe("no key");
    expect(error).toMatchObject({ code: "model", retryable: false });
    expect(error.message).toContain(wire === "openai" ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY");
    expect(mayHaveBeenBilled(error)).toBe(false);
  });

  test.each(["other", "constructor"])(
    "an endpoint that is not configured (%s) is an error",
    async (endpoint) => {
      const keys = { openai: "public", anthropic: "public" };
      const client = clientFor({ keys, endpoints: {} })(nameOf(`${wire}:small@${endpoint}`));
      const error = await thrownBy(client);
      expect(failureWord(error)).toBe("no endpoint");
      expect(error.retryable).toBe(false);
      expect(error.message).toContain("ERRAND_ENDPOINTS");
    },
  );
});

describe("fields that a server does not take", () => {
  test.each([
    [
      "openai",
      { error: { message: "Unsupported value: 'none'.", param: "reasoning_effort" } },
      "reasoning_effort",
    ],
    ["openai", { detail: [{ loc: ["body", "seed"], msg: "Extra inputs are not permitted" }] }, "seed"],
    ["openai", { error: { message: "This response_format type is unavailable now" } }, "response_format"],
    [
      "anthropic",
      { error: { message: "output_config.effort: not supported by this model" } },
      "output_config.effort",
    ],
    ["anthropic", { error: { message: "thinking: disabled is not supported" } }, "thinking"],
  ] as const)("%s: of %j only the field is left out next time", async (wire, body, field) => {
    const bodies: string[] = [];
    const raw = await startRawServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        bodies.push(Buffer.concat(chunks).toString());
        response.writeHead(bodies.length === 1 ? 400 : 500, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    const client = endpointClient(wire, raw.url);
    const request = requestOf({ schema: labelSchema });
    const first = await thrownBy(client, request);
    await thrownBy(client, request);
    await raw.close();
    expect([failureWord(first), first.retryable]).toEqual(["refused request", true]);
    expect(first.message).toContain(field);
    const [before = "", after = ""] = bodies;
    const leaf = `"${field.split(".").at(-1) ?? ""}":`;
    expect(before).toContain(leaf);
    expect(after).not.toContain(leaf);
    const size = (text: string) => Object.keys(JSON.parse(text) as object).length;
    expect(size(before) - size(after)).toBe(field.includes(".") ? 0 : 1);
  });

  test("a server that refuses all the same is not asked for ever", async () => {
    const raw = await answering(400, { error: { message: "seed is bad", param: "seed" } });
    const client = endpointClient("openai", raw.url);
    const errors = [await thrownBy(client), await thrownBy(client)];
    await raw.close();
    expect(errors.map(({ retryable }) => retryable)).toEqual([true, false]);
  });
});

test("anything that no client threw has failed, and may have cost something", () => {
  for (const error of [new Error("x"), null, new AppError("store", "x", { retryable: true, remedy: "" })]) {
    expect(failureWord(error)).toBe("failed");
    expect(mayHaveBeenBilled(error)).toBe(true);
  }
});

test("the same name gets the same client", () => {
  const client = clientFor({ keys: { openai: "k", anthropic: null }, endpoints: {} });
  expect(client(nameOf("openai:a"))).toBe(client(nameOf("openai:a")));
  expect(client(nameOf("openai:a"))).not.toBe(client(nameOf("openai:b")));
  expect(neverAborted().aborted).toBe(false);
});
