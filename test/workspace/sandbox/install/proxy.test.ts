// The way out of an install: to the registries that are allowed and nowhere else, bounded, and with what was refused by name.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer, request as requestPlain } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readGreeting } from "../../../../src/workspace/sandbox/install/server-name.ts";
import { startProxy } from "../../../../src/workspace/sandbox/install/proxy.ts";
import type { InstallProxy, ProxyOptions } from "../../../../src/workspace/sandbox/install/proxy.ts";

const undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  undo.push(() => new Promise((resolve) => server.close(resolve)));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A registry: what it was asked for, and an answer to everything. */
async function registryWith(answer: (request: IncomingMessage) => string) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.end(answer(request));
  });
  undo.push(() => {
    server.closeAllConnections();
    return Promise.resolve();
  });
  return { host: await listening(server), seen };
}

async function proxyFor(registries: readonly string[], more: Partial<ProxyOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "errand-proxy-"));
  const proxy = await startProxy({ registries, upstream: null, listen: { folder, user: null }, ...more });
  let open = true;
  const close = async () => {
    if (open) await proxy.close();
    open = false;
  };
  undo.push(close, () => rm(folder, { recursive: true }));
  return { proxy, socket: join(folder, "proxy"), close };
}

/** Everything that comes back for these bytes, until the other side closes. */
async function speak(socketPath: string, text: string, keepOpen = true): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(answer);
    });
    socket.on("end", () => socket.end());
    if (keepOpen) socket.write(text);
    else socket.end(text);
  });
}

const get = (url: string, headers = "") =>
  `GET ${url} HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n${headers}\r\n`;
const tunnelTo = (host: string) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

describe("what is allowed", () => {
  it("answers with the registry's answer, and tells it which host is meant", async () => {
    const registry = await registryWith((request) => `you asked for ${request.url ?? ""}`);
    const { proxy, socket } = await proxyFor([registry.host]);
    const answer = await speak(
      socket,
      get(`http://${registry.host}/left-pad?x=1`, "Proxy-Authorization: Basic secret\r\nX-Npm: 1\r\n"),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain("you asked for /left-pad?x=1");
    expect(registry.seen[0]?.headers).toMatchObject({ host: registry.host, "x-npm": "1" });
    expect(registry.seen[0]?.headers).not.toHaveProperty("proxy-authorization");
    expect(proxy.troubles()).toEqual([]);
  });

  it.each(["000", "099"])("takes the status %s for no answer", async (status) => {
    const host = await listening(
      createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => socket.end(`HTTP/1.1 ${status} x\r\nContent-Length: 0\r\n\r\n`));
      }),
    );
    const { socket } = await proxyFor([host]);
    expect(await speak(socket, get(`http://${host}/`))).toMatch(/^HTTP\/1\.1 502 /);
  });

  it("tunnels both ways, to the last byte of a long answer", async () => {
    const long = "x".repeat(3_000_000);
    const host = await listening(
      createTcpServer((socket) => {
        socket.once("data", (asked) => socket.end(`${asked.toString()}${long}`));
      }),
    );
    const { socket } = await proxyFor([host]);
    const answer = await speak(socket, `${tunnelTo(host)}early`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 Connection Established\r\n\r\nearly/);
    expect(answer.length).toBe("HTTP/1.1 200 Connection Established\r\n\r\nearly".length + long.length);
  });
});

describe("a tunnel", () => {
  /** A server that has no certificate, and counts what reaches it. */
  async function server() {
    const seen: Buffer[] = [];
    const host = await listening(
      createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", (chunk: Buffer) => {
          seen.push(chunk);
          socket.end();
        });
      }),
    );
    return { port: host.split(":")[1] ?? "", seen };
  }

  /** Begins TLS in a tunnel to `localhost`, asking for that name; ends with the tunnel. */
  async function greet(socketPath: string, port: string, servername: string | undefined): Promise<void> {
    const socket = connect({ path: socketPath });
    socket.write(tunnelTo(`localhost:${port}`));
    await new Promise((resolve) => socket.once("data", resolve));
    const client = connectTls({ socket, ...(servername === undefined ? {} : { servername }) });
    await new Promise((resolve) => client.on("error", () => undefined).on("close", resolve));
  }

  it.each(["localhost", "LocalHost"])(
    "is for the host that it was asked for, by the name %s",
    async (name) => {
      const { port, seen } = await server();
      const { proxy, socket } = await proxyFor([`localhost:${port}`]);
      await greet(socket, port, name);
      expect(seen).toHaveLength(1);
      expect(proxy.troubles()).toEqual([]);
    },
  );

  it("is for no other host of the same server, which is named", async () => {
    const { port, seen } = await server();
    const { proxy, socket } = await proxyFor([`localhost:${port}`]);
    await greet(socket, port, "evil.example");
    expect(seen).toEqual([]);
    expect(proxy.troubles()).toEqual([expect.stringContaining(`evil.example:${port}, which is not`)]);
  });

  it("takes no greeting that can be read in two ways, however it is cut", () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((more) => Buffer.from([22, 3, 1, 0, 40, 1, ...more]));
    fc.assert(
      fc.property(bytes, fc.nat(90), (greeting, at) => {
        const whole = readGreeting(greeting);
        const part = readGreeting(greeting.subarray(0, at));
        expect(part.kind === "incomplete" || part.kind === whole.kind).toBe(true);
      }),
    );
  });
});

describe("what is refused", () => {
  const refused: [string, string, string][] = [
    ["a host that is not on the list", tunnelTo("evil.example:443"), "evil.example"],
    ["another port of an allowed host", tunnelTo("registry.npmjs.org:22"), "registry.npmjs.org:22"],
    ["a name with a dot at its end", tunnelTo("registry.npmjs.org.:443"), ""],
    [
      "a name that ends as an allowed one",
      tunnelTo("evil-registry.npmjs.org:443"),
      "evil-registry.npmjs.org",
    ],
    [
      "a name that starts as an allowed one",
      tunnelTo("registry.npmjs.org.evil.example:443"),
      "registry.npmjs.org.evil.example",
    ],
    ["an address", tunnelTo("169.254.169.254:80"), "169.254.169.254:80"],
    ["a number that is an address", tunnelTo("2130706433:443"), "2130706433"],
    ["an IPv6 address", tunnelTo("[::1]:443"), "[::1]"],
    ["a user before the host", tunnelTo("registry.npmjs.org@evil.example:443"), ""],
    ["a user before the host, in the clear", get("http://registry.npmjs.org:4873@evil.example/"), ""],
    ["an allowed host in the clear", get("http://registry.npmjs.org/x"), "registry.npmjs.org:80"],
    ["an allowed host's own port in the clear", get("http://registry.npmjs.org:443/x"), "registry.npmjs.org"],
    ["another scheme", get("ftp://registry.npmjs.org/x"), ""],
    ["an https address without a tunnel", get("https://registry.npmjs.org/x"), ""],
    ["the proxy itself as a server", get("/"), ""],
  ];

  it.each(refused)("%s", async (_name, asked, host) => {
    const { proxy, socket } = await proxyFor(["registry.npmjs.org"]);
    expect(await speak(socket, asked)).toMatch(/^HTTP\/1\.1 403 /);
    expect(proxy.troubles()).toEqual(
      host === ""
        ? []
        : [
            `The install wanted to reach ${host}, which is not an allowed registry: add it to ERRAND_SANDBOX_REGISTRIES if it should be.`,
          ],
    );
  });

  it("keeps ten names of a million", async () => {
    const { proxy, socket } = await proxyFor([]);
    for (let index = 0; index < 15; index += 1) await speak(socket, tunnelTo(`host-${index}.example:443`));
    expect(proxy.troubles()).toHaveLength(10);
  });

  it("names an allowed registry that does not answer, and not where it was looked for", async () => {
    const gone = createTcpServer();
    const host = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    const { proxy, socket } = await proxyFor([host]);
    expect(await speak(socket, tunnelTo(host))).toMatch(/^HTTP\/1\.1 502 /);
    expect(await speak(socket, get(`http://${host}/x`))).toMatch(/^HTTP\/1\.1 502 /);
    expect(proxy.troubles()).toEqual([`The registry ${host} could not be reached: ECONNREFUSED.`]);
  });
});

describe("bounds", () => {
  it("refuses a head that is too large, and one that does not come", async () => {
    const { socket } = await proxyFor([], { limits: { headMs: 200, headBytes: 4_096 } });
    expect(await speak(socket, get("http://x/", `X: ${"y".repeat(10_000)}\r\n`))).toMatch(/^HTTP\/1\.1 431 /);
    expect(await speak(socket, "GET http://x/ HTTP/1.1\r\nX-Slow: ")).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it("ends a tunnel in which nothing moves", async () => {
    const host = await listening(createTcpServer((socket) => socket.on("error", () => undefined)));
    const { socket } = await proxyFor([host], { limits: { idleMs: 100 } });
    expect(await speak(socket, tunnelTo(host))).toContain("200 Connection Established");
  });

  it.each([
    ["down", { downBytes: 10_000 }],
    ["up", { upBytes: 10_000 }],
  ])("cuts the install off over its bytes %s, says so, and opens nothing after", async (_way, limits) => {
    const host = await listening(
      createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", (data) => socket.write(data));
      }),
    );
    const { proxy, socket } = await proxyFor([host], { limits });
    const answer = await speak(socket, `${tunnelTo(host)}${"z".repeat(1_000_000)}`);
    expect(answer.length).toBeLessThan(1_000_000);
    expect(proxy.troubles()).toEqual([expect.stringContaining("was cut off")]);
    expect(await speak(socket, tunnelTo(host))).toMatch(/^HTTP\/1\.1 502 |^$/);
  });

  it("takes no more connections than it may", async () => {
    const host = await listening(createTcpServer((socket) => socket.on("error", () => undefined)));
    const { socket } = await proxyFor([host], { limits: { connections: 1 } });
    const first = connect(socket);
    const standing = new Promise((resolve) => first.once("data", resolve));
    first.write(tunnelTo(host));
    await standing;
    expect(await speak(socket, tunnelTo(host))).toBe("");
    first.destroy();
  });

  it("ends every connection when it is closed, and leaves no socket", async () => {
    const host = await listening(createTcpServer((socket) => socket.on("error", () => undefined)));
    const { socket, close } = await proxyFor([host]);
    const answer = speak(socket, tunnelTo(host));
    const idle = speak(socket, "");
    const probe = connect(socket).on("error", () => undefined);
    await new Promise((resolve) => probe.once("connect", resolve));
    await close();
    await Promise.all([answer, idle]);
    await expect(stat(socket)).rejects.toThrow("ENOENT");
  });
});

describe("through the proxy of the worker's own network", () => {
  async function upstreamProxy(status: string) {
    const asked: string[] = [];
    const server = createServer();
    server.on("connect", (request, socket) => {
      asked.push(`${request.url ?? ""} ${request.headers["proxy-authorization"] ?? "-"}`);
      socket.on("error", () => undefined);
      if (status === "200") {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.once("data", (data: Buffer) => socket.end(`echo ${data.toString()}`));
      } else socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    });
    undo.push(() => {
      server.closeAllConnections();
      return Promise.resolve();
    });
    return { host: await listening(server), asked };
  }

  it("asks it for the tunnel, with its password", async () => {
    const upstream = await upstreamProxy("200");
    const url = `http://me:p%40ss@${upstream.host}`;
    const { socket } = await proxyFor(["registry.npmjs.org"], { upstream: { url, except: "" } });
    expect(await speak(socket, `${tunnelTo("registry.npmjs.org:443")}hello`)).toContain("echo hello");
    const pair = Buffer.from("me:p@ss").toString("base64");
    expect(upstream.asked).toEqual([`registry.npmjs.org:443 Basic ${pair}`]);
  });

  it("says that it refused, without its address or password", async () => {
    const upstream = await upstreamProxy("407");
    const url = `http://me:secret@${upstream.host}`;
    const { proxy, socket } = await proxyFor(["registry.npmjs.org"], { upstream: { url, except: "" } });
    const answer = await speak(socket, tunnelTo("registry.npmjs.org:443"));
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    const said = `${answer}${proxy.troubles().join("")}`;
    expect(said).toContain("the proxy of this machine's network answered 407");
    expect(said).not.toContain("secret");
    expect(said).not.toContain(upstream.host);
  });

  it("goes straight to what is excepted", async () => {
    const upstream = await upstreamProxy("200");
    const host = await listening(createTcpServer((socket) => socket.end("straight")));
    const except = "example.com, 127.0.0.1";
    const { socket } = await proxyFor([host], { upstream: { url: `http://${upstream.host}`, except } });
    expect(await speak(socket, tunnelTo(host))).toContain("straight");
    expect(upstream.asked).toEqual([]);
  });
});

describe("where it listens", () => {
  it("is a socket of one user, however long the folder's name", async () => {
    const parent = await mkdtemp(join(tmpdir(), "errand-proxy-"));
    undo.push(() => rm(parent, { recursive: true }));
    const folder = await mkdtemp(join(parent, "n".repeat(180)));
    const proxy: InstallProxy = await startProxy({
      registries: [],
      upstream: null,
      listen: { folder, user: null },
    });
    undo.push(proxy.close);
    const found = await stat(join(folder, "proxy"));
    expect(found.isSocket()).toBe(true);
    expect(found.mode & 0o777).toBe(0o600);
  });

  it("is a port of loopback for a program that is not isolated", async () => {
    const registry = await registryWith(() => "hello");
    const proxy = await startProxy({ registries: [registry.host], upstream: null, listen: "loopback" });
    undo.push(proxy.close);
    const status = await new Promise((resolve, reject) => {
      requestPlain({ host: "127.0.0.1", port: proxy.port, path: `http://${registry.host}/` }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
