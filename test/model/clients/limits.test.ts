// What is not waited for, not read, not followed, and not taken from the environment.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { clientFor } from "../../../src/model/clients/client-for.ts";
import { failureWord, mayHaveBeenBilled } from "../../../src/model/clients/failure.ts";
import { tenMegabytes } from "../../../src/scripted/faults.ts";
import { startScriptedServer } from "../../../src/scripted/server.ts";
import type { Answerer, ScriptedServer } from "../../../src/scripted/server.ts";
import {
  endpointClient,
  endpointKey,
  nameOf,
  neverAborted,
  publicFetch,
  publicKeys,
  requestOf,
  startRawServer,
  thrownBy,
  wires,
} from "./harness.ts";

let answer: Answerer;
let server: ScriptedServer;
beforeEach(async () => {
  answer = () => ({ kind: "text", text: "B" });
  server = await startScriptedServer((asked) => answer(asked));
});
afterEach(() => server.close());

/** Counts the bytes of answers that were read. */
function countingFetch(): { readonly fetch: typeof globalThis.fetch; readonly read: () => number } {
  let bytes = 0;
  return {
    read: () => bytes,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          bytes += chunk.byteLength;
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(counter) ?? null, response);
    },
  };
}

/** Resolves when a request has come. */
function arrival(): { readonly answer: Answerer; readonly arrived: Promise<void> } {
  let tell: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return {
    arrived,
    answer: () => {
      tell();
      return { kind: "hang" };
    },
  };
}

describe.each(wires)("%s", (wire) => {
  test("of 10 MB no more is read than 2 MB and what is under way", async () => {
    answer = tenMegabytes;
    const { fetch, read } = countingFetch();
    const error = await thrownBy(endpointClient(wire, server.url, { fetch }));
    expect([failureWord(error), error.retryable]).toEqual(["answer too large", false]);
    expect(error.message).toContain("too large an answer");
    expect(mayHaveBeenBilled(error)).toBe(true);
    expect(read()).toBeGreaterThan(2_000_000);
    expect(read()).toBeLessThan(2_500_000);
  });

  test("a refusal of 10 MB is that refusal, of which no more is read than a sentence needs", async () => {
    const raw = await startRawServer((_, response) => response.writeHead(429).end("x".repeat(10_000_000)));
    const { fetch, read } = countingFetch();
    const error = await thrownBy(endpointClient(wire, raw.url, { fetch }));
    await raw.close();
    expect(failureWord(error)).toBe("rate limited");
    expect(read()).toBeLessThan(500_000);
  });

  test.each([301, 302, 303, 307, 308])("%d is not followed: nothing goes elsewhere", async (status) => {
    const elsewhere = await startRawServer((_, response) => response.end("{}"));
    const raw = await startRawServer((_, response) => {
      response.writeHead(status, { location: `${elsewhere.url}/v1/messages` }).end();
    });
    const error = await thrownBy(endpointClient(wire, raw.url));
    await Promise.all([raw.close(), elsewhere.close()]);
    expect([failureWord(error), error.retryable]).toEqual(["redirected", false]);
    expect(elsewhere.requests()).toEqual([]);
    expect(raw.requests()).toHaveLength(1);
  });

  test("a server that says nothing is given up", async () => {
    answer = () => ({ kind: "hang" });
    const error = await thrownBy(endpointClient(wire, server.url, { timeoutMs: 200 }));
    expect([failureWord(error), error.retryable]).toEqual(["timed out", false]);
    expect(mayHaveBeenBilled(error)).toBe(true);
  });

  test("a server that begins and does not go on is given up, too", async () => {
    const raw = await startRawServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write('{"choices": [');
    });
    const error = await thrownBy(endpointClient(wire, raw.url, { timeoutMs: 200 }));
    await raw.close();
    expect(failureWord(error)).toBe("timed out");
  });

  test("an aborted call ends with the very reason, before and while it is asked", async () => {
    const waiting = arrival();
    answer = waiting.answer;
    const controller = new AbortController();
    const reason = new Error("the run was called off");
    const call = endpointClient(wire, server.url).generate(requestOf(), controller.signal);
    await waiting.arrived;
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(endpointClient(wire, server.url).generate(requestOf(), controller.signal)).rejects.toBe(
      reason,
    );
    expect(server.requests()).toHaveLength(1);
  });

  test("an aborted call ends in the middle of an answer", async () => {
    const controller = new AbortController();
    const raw = await startRawServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("{");
    });
    const begun: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      controller.abort("enough");
      return response;
    };
    const call = endpointClient(wire, raw.url, { fetch: begun }).generate(requestOf(), controller.signal);
    await expect(call).rejects.toBe("enough");
    await raw.close();
  });
});

describe("the environment", () => {
  const planted = {
    OPENAI_API_KEY: "planted-openai",
    OPENAI_ADMIN_KEY: "planted-admin",
    OPENAI_ORG_ID: "planted-organisation",
    OPENAI_PROJECT_ID: "planted-project",
    OPENAI_CUSTOM_HEADERS: "Authorization: Bearer planted\nX-Planted: planted",
    OPENAI_LOG: "debug",
    ANTHROPIC_API_KEY: "planted-anthropic",
    ANTHROPIC_AUTH_TOKEN: "planted-token",
    ANTHROPIC_CUSTOM_HEADERS: "Authorization: Bearer planted\nX-Planted: planted\nanthropic-beta: planted",
    ANTHROPIC_LOG: "debug",
  };
  let decoy: ScriptedServer;
  let before: NodeJS.ProcessEnv;
  beforeEach(async () => {
    decoy = await startScriptedServer(() => ({ kind: "text", text: "decoy" }));
    before = { ...process.env };
    Object.assign(process.env, planted, {
      OPENAI_BASE_URL: decoy.openaiUrl,
      ANTHROPIC_BASE_URL: decoy.anthropicUrl,
    });
  });
  afterEach(async () => {
    process.env = before;
    await decoy.close();
  });

  test.each(wires)("%s: no key, address or header of it is used", async (wire) => {
    const raw = await startRawServer((_, response) => response.writeHead(500).end());
    await thrownBy(endpointClient(wire, raw.url));
    await thrownBy(endpointClient(wire, raw.url, { key: null }));
    await thrownBy(clientFor({ keys: publicKeys, endpoints: {} }, publicFetch(raw.url))(nameOf(`${wire}:m`)));
    await raw.close();
    expect(raw.requests().map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${endpointKey}`,
      undefined,
      `Bearer ${publicKeys[wire]}`,
    ]);
    expect(JSON.stringify(raw.requests().map(({ rawHeaders }) => rawHeaders))).not.toContain("planted");
    expect(decoy.requests()).toEqual([]);
  });

  test.each(wires)("%s: without a key of ours the environment's does not stand in", async (wire) => {
    const settings = { keys: { openai: null, anthropic: null }, endpoints: {} };
    const error = await thrownBy(clientFor(settings)(nameOf(`${wire}:m`)));
    expect(failureWord(error)).toBe("no key");
    expect(decoy.requests()).toEqual([]);
  });
});

test("a client can be asked many times at once", async () => {
  const client = endpointClient("openai", server.url);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, sample) => client.generate(requestOf({ sample }), neverAborted())),
  );
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(["B"]));
  expect(server.counts()["small"]).toMatchObject({ requests: 20, answered: 20 });
});
