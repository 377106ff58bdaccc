// The web server over real HTTP: what is accepted, what is refused, and what is never said to be accepted.
import { generateKeyPairSync } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { InboxItem } from "../../src/core/command.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Log } from "../../src/core/log.ts";
import { MAX_DELIVERY_BYTES, startWebServer } from "../../src/webhooks/server.ts";
import type { WebServer, WebServerOptions } from "../../src/webhooks/server.ts";
import { SECRET, comment, deliver, signature } from "./deliveries.ts";

const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server whose inboxes are arrays, with everything it logs. */
async function serve(changes: Partial<WebServerOptions> = {}) {
  const stored: { deliveryId: string; item: InboxItem }[] = [];
  const woken: string[] = [];
  const logged: string[] = [];
  const write =
    (level: string) =>
    (fields: Record<string, unknown>, message: string): void => {
      logged.push(JSON.stringify({ level, message, ...fields }));
    };
  const log: Log = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  const server = await startWebServer({
    environment: {
      app: { id: 42, privateKey, webhookSecret: SECRET },
      // Nothing listens there: a handler that called GitHub would fail.
      github: { apiUrl: "http://127.0.0.1:9", webUrl: "http://127.0.0.1:9", organisation: null },
      listen: { host: "127.0.0.1", port: 0 },
    },
    botLogin: "errand[bot]",
    accept: (deliveryId, item) => {
      const known = stored.some((entry) => entry.deliveryId === deliveryId);
      if (!known) stored.push({ deliveryId, item });
      return Promise.resolve(known ? "duplicate" : "accepted");
    },
    wake: (mailbox) => {
      woken.push(mailbox);
      return Promise.resolve();
    },
    health: () => Promise.resolve("fine"),
    log,
    ...changes,
  });
  servers.push(server);
  return { server, url: server.url, stored, woken, logged };
}

const never = () => new Promise<never>(() => undefined);

describe("a delivery", () => {
  it("is stored, woken for, and then answered with 200", async () => {
    const { url, stored, woken } = await serve();
    expect((await deliver(url, comment("/agent fix-conflicts"))).status).toBe(200);
    expect(stored).toMatchObject([
      {
        deliveryId: "guid-1",
        item: { kind: "command", command: { verb: "fix-conflicts", actor: { login: "ada" } } },
      },
    ]);
    expect(woken).toEqual(["acme/widgets#12"]);
  });

  it("with several commands gives each its own delivery key, so that none counts as a duplicate of another", async () => {
    const { url, stored } = await serve();
    await deliver(url, comment("/agent status\n/agent fix-conflicts"));
    expect(stored.map(({ deliveryId }) => deliveryId)).toEqual(["guid-1", "guid-1/1"]);
  });

  it("that is repeated is answered with 200 and wakes again, since the first may have died in between", async () => {
    const { url, stored, woken } = await serve();
    await deliver(url, comment("/agent status"));
    expect((await deliver(url, comment("/agent status"))).status).toBe(200);
    expect(stored).toHaveLength(1);
    expect(woken).toHaveLength(2);
  });

  it("of an event nobody listens to is answered with 200 and stores nothing", async () => {
    const { url, stored } = await serve();
    expect((await deliver(url, { action: "created" }, { event: "star" })).status).toBe(200);
    expect(stored).toEqual([]);
  });

  it("is never said to be accepted while the queue hangs: it gets a 503, and the redelivery goes in", async () => {
    let hangs = true;
    const accepted: string[] = [];
    const { url } = await serve({
      accept: (deliveryId) => {
        if (hangs) return never();
        accepted.push(deliveryId);
        return Promise.resolve("accepted" as const);
      },
    });
    const started = performance.now();
    expect((await deliver(url, comment("/agent status"))).status).toBe(503);
    // The promise to GitHub itself: Probot's own answer after 9 s would be a 202.
    expect(performance.now() - started).toBeLessThan(8_000);
    hangs = false;
    expect((await deliver(url, comment("/agent status"))).status).toBe(200);
    expect(accepted).toEqual(["guid-1"]);
  });

  it.each([
    [
      "the store refuses",
      {
        accept: () =>
          Promise.reject(
            new AppError("store", "redis://user:hunter2@host is down", { retryable: true, remedy: "" }),
          ),
      },
    ],
    ["the wake-up fails", { wake: () => Promise.reject(new Error("no queue")) }],
  ])("is answered with 503 when %s, without saying why to the outside", async (_, changes) => {
    const { url } = await serve(changes);
    const { status, text } = await deliver(url, comment("/agent status"));
    expect(status).toBe(503);
    expect(text).not.toMatch(/hunter2|no queue/);
  });
});

describe("a forged or broken delivery", () => {
  const body = JSON.stringify(comment("/agent apply PRIVATE-WORDS"));
  const cases: [string, string, Record<string, string>][] = [
    ["another secret", body, { "x-hub-signature-256": signature(body, "another secret") }],
    ["a changed byte", body.replace("apply", "applY"), { "x-hub-signature-256": signature(body) }],
    ["a SHA-1 signature in place of SHA-256", body, { "x-hub-signature-256": "sha1=0123456789abcdef" }],
    ["a signature without its prefix", body, { "x-hub-signature-256": signature(body).slice(7) }],
    ["an empty signature", body, { "x-hub-signature-256": "" }],
    ["no JSON", "PRIVATE-WORDS", { "x-hub-signature-256": signature("PRIVATE-WORDS") }],
    ["no delivery id", body, { "x-github-delivery": "" }],
    ["a delivery id that is no id", body, { "x-github-delivery": "a/b c" }],
    ["an empty body", "", { "x-hub-signature-256": signature("") }],
  ];

  it.each(cases)(
    "with %s is refused, stores nothing, and leaves no word of the body in the log",
    async (_, text, headers) => {
      const { url, stored, logged } = await serve();
      expect((await deliver(url, text, { headers })).status).toBe(400);
      expect(stored).toEqual([]);
      expect(logged.join("\n")).not.toMatch(/PRIVATE-WORDS|a-secret-for-tests|sha256=/);
    },
  );

  it("that has only the old SHA-1 header is refused", async () => {
    const { url, stored } = await serve();
    const response = await fetch(`${url}/api/github/webhooks`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "issue_comment",
        "x-github-delivery": "g",
        "x-hub-signature": "sha1=00",
      },
      body,
    });
    expect(response.status).toBe(400);
    expect(stored).toEqual([]);
  });

  it("that is too large is refused with 413 whether it says so or not", async () => {
    const { url, stored } = await serve();
    const large = "x".repeat(MAX_DELIVERY_BYTES + 1);
    expect(await statusOf(url, large, { "content-length": String(large.length) })).toBe(413);
    expect(await statusOf(url, large, { "transfer-encoding": "chunked" })).toBe(413);
    expect(stored).toEqual([]);
  });

  it("in another content type is refused", async () => {
    const { url } = await serve();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await deliver(url, comment("/agent status"), { headers })).status).toBe(415);
  });
});

/** Sends by hand, because fetch gives up on a server that answers before it has read everything. */
function statusOf(url: string, body: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(
      `${url}/api/github/webhooks`,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-github-event": "issue_comment",
          "x-github-delivery": "g",
          "x-hub-signature-256": signature(body),
          ...headers,
        },
      },
      (response) => {
        resolve(response.statusCode);
        sending.destroy();
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}

describe("the log", () => {
  it("names delivery, event and action, and no word that a person wrote", async () => {
    const { url, logged } = await serve();
    await deliver(url, comment("/agent status of PRIVATE-WORDS"));
    expect(logged.map((line) => JSON.parse(line) as unknown)).toContainEqual({
      level: "info",
      message: "delivery accepted",
      delivery: "guid-1",
      event: "issue_comment.created",
      items: 1,
      accepted: 1,
    });
    expect(logged.join("\n")).not.toMatch(/PRIVATE-WORDS|ada/);
  });
});

describe("other pages", () => {
  it("/healthz says whether the store is usable, and nothing else", async () => {
    const { url } = await serve();
    const good = await fetch(`${url}/healthz`);
    expect([good.status, await good.text()]).toEqual([200, '{"status":"ok"}\n']);
    const { url: broken } = await serve({
      health: () => Promise.reject(new Error("redis://user:hunter2@host")),
    });
    const bad = await fetch(`${broken}/healthz`);
    expect([bad.status, await bad.text()]).toEqual([503, '{"status":"unavailable"}\n']);
  });

  it("/healthz does not wait for a store that hangs", async () => {
    const { url } = await serve({ health: never });
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
  });

  it("/ is a page that may load nothing, and unknown paths are not found", async () => {
    const { url } = await serve();
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/api/github/webhooks`)).status).toBe(404);
  });

  it("given routes are asked before a request is not found; one that throws costs only its own request", async () => {
    const { url } = await serve({
      routes: [
        (request, response) => {
          if (request.url === "/broken") throw new Error("broken");
          if (request.url !== "/runs") return Promise.resolve(false);
          response.end("runs");
          return Promise.resolve(true);
        },
      ],
    });
    expect(await (await fetch(`${url}/runs`)).text()).toBe("runs");
    expect((await fetch(`${url}/broken`)).status).toBe(500);
    expect((await fetch(url)).status).toBe(200);
  });

  it("a port that is taken gives an error that says what to do", async () => {
    const { url } = await serve();
    const environment = {
      app: { id: 42, privateKey, webhookSecret: SECRET },
      github: { apiUrl: "http://127.0.0.1:9", webUrl: "http://127.0.0.1:9", organisation: null },
      listen: { host: "127.0.0.1", port: Number(new URL(url).port) },
    };
    await expect(serve({ environment })).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("Cannot listen on 127.0.0.1") as unknown,
      remedy: expect.stringContaining("PORT") as unknown,
    });
  });
});
