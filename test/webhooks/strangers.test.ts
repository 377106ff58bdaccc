// What somebody without the secret can take of the web server: connections, memory, time. Over real sockets.
import { generateKeyPairSync } from "node:crypto";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { MAX_DELIVERY_BYTES, WEBHOOK_PATH, startWebServer } from "../../src/webhooks/server.ts";
import type { ServerBounds, WebServer } from "../../src/webhooks/server.ts";
import { SECRET, comment, deliver, signature } from "./deliveries.ts";

const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

const servers: WebServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(bounds: Partial<ServerBounds> = {}): Promise<string> {
  const silent = () => undefined;
  const server = await startWebServer({
    environment: {
      app: { id: 42, privateKey, webhookSecret: SECRET },
      github: { apiUrl: "http://127.0.0.1:9", webUrl: "http://127.0.0.1:9", organisation: null },
      listen: { host: "127.0.0.1", port: 0 },
    },
    botLogin: "errand[bot]",
    accept: () => Promise.resolve("accepted"),
    wake: () => Promise.resolve(),
    health: () => Promise.resolve("fine"),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    bounds,
  });
  servers.push(server);
  return server.url;
}

/** Opens a connection that sends `text` and then nothing; resolves `ended` with all that came back once the server has closed it. */
function send(url: string, text: string): { socket: Socket; ended: Promise<string> } {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  sockets.push(socket);
  let received = "";
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  // A reset closes it too.
  socket.on("error", () => undefined);
  socket.write(text);
  return {
    socket,
    ended: new Promise((resolve) => {
      socket.on("close", () => {
        resolve(received);
      });
    }),
  };
}

const signed = { "X-GitHub-Delivery": "g", "X-Hub-Signature-256": signature("forged", "no secret") };

/** A delivery's head that announces `bytes` of body. */
function head(bytes: number, headers: Record<string, string> = signed): string {
  const lines = Object.entries({
    Host: "x",
    "Content-Type": "application/json",
    ...headers,
    "Content-Length": bytes,
  });
  return `POST ${WEBHOOK_PATH} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

const statusIn = (received: string) => Number(received.split(" ")[1]);

describe("a request whose body never comes", () => {
  const { "X-GitHub-Delivery": id, "X-Hub-Signature-256": good } = signed;
  it.each<[string, number, number, Record<string, string>]>([
    ["without a signature", 400, 4_900_000, { "X-GitHub-Delivery": id }],
    [
      "with a malformed signature",
      400,
      4_900_000,
      { "X-GitHub-Delivery": id, "X-Hub-Signature-256": "sha256=0" },
    ],
    ["without a delivery's id", 400, 4_900_000, { "X-Hub-Signature-256": good }],
    ["that announces too large a body", 413, MAX_DELIVERY_BYTES + 1, signed],
  ])("%s is answered and its connection closed at once", async (_, status, bytes, headers) => {
    const url = await serve();
    // Nothing of the body is sent: an answer is only possible without it.
    expect(statusIn(await send(url, head(bytes, headers)).ended)).toBe(status);
  });

  it("is cut off when it takes too long, headers or body", async () => {
    const url = await serve({ headersMs: 50, requestMs: 50, checkMs: 20 });
    const body = send(url, `${head(1_000)}{`);
    const headers = send(url, `POST ${WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nX-`);
    expect([statusIn(await body.ended), statusIn(await headers.ended)]).toEqual([408, 408]);
  });
});

describe("many at once", () => {
  it("hold no more memory than there is for all bodies together; what goes over is told to come again, and does", async () => {
    const url = await serve({ bodyBytes: 5_000 });
    const small = comment("/agent status");
    expect(JSON.stringify(small).length).toBeLessThan(1_000);
    expect((await deliver(url, small)).status).toBe(200);

    const held = send(url, `${head(100_000)}${"x".repeat(4_900)}`);
    // Until the server has read what was sent, there is room.
    let status = 200;
    while (status === 200) ({ status } = await deliver(url, small));
    expect(status).toBe(503);
    // A promise of many bytes takes no room; bytes do, and only as long as they are held.
    held.socket.destroy();
    while (status === 503) ({ status } = await deliver(url, small));
    expect(status).toBe(200);
  });

  it("give back the room of every body that was used, refused or broken off", async () => {
    const url = await serve({ bodyBytes: 1_500 });
    const small = comment("/agent status");
    for (let times = 0; times < 5; times++) {
      expect((await deliver(url, small)).status).toBe(200);
      expect((await deliver(url, small, { secret: "another secret" })).status).toBe(400);
      expect((await deliver(url, comment("x".repeat(1_500)))).status).toBe(503);
      expect((await deliver(url, small)).status).toBe(200);
    }
  });

  it("get no more connections than there are", async () => {
    const url = await serve({ connections: 2 });
    const first = send(url, "POST ");
    send(url, "POST ");
    const third = send(url, "POST ");
    // Closed without a word; the first is still there, or its place would have been free.
    expect(await third.ended).toBe("");
    expect(first.socket.destroyed).toBe(false);
  });
});
