// Dockerfile, compose file and what is let into an image, by their structure: no container engine runs in the tests.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { readEnvironment } from "../../src/config/environment.ts";
import { variableNames } from "../../src/config/variables.ts";

const text = (file: string) => readFileSync(file, "utf8");

const Service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()),
  user: z.string(),
  restart: z.literal("unless-stopped"),
  networks: z.array(z.string()),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  read_only: z.boolean().optional(),
  init: z.boolean().optional(),
});

const Compose = z.object({
  services: z.object({ redis: Service, web: Service, worker: Service }),
  networks: z.object({ store: z.object({ internal: z.literal(true) }) }),
  volumes: z.record(z.string(), z.null()),
});

const { services, volumes } = Compose.parse(parse(text("docker-compose.yml"), { merge: true }));

describe("docker-compose.yml", () => {
  it("keeps Redis on disk, refusing rather than dropping, and out of reach from outside", () => {
    const { command, networks, ports, healthcheck } = services.redis;
    const options = command.join(" ");
    expect(options).toContain("--appendonly yes");
    expect(options).toContain("--appendfsync everysec");
    expect(options).toContain("--maxmemory-policy noeviction");
    expect([networks, ports]).toEqual([["store"], undefined]);
    expect(healthcheck?.test).toEqual(["CMD", "redis-cli", "ping"]);
  });

  it("runs web and worker from the Dockerfile, behind a healthy Redis, on its store and no other", () => {
    expect([services.web.command, services.worker.command]).toEqual([["web"], ["worker"]]);
    for (const { build, depends_on: after, environment = {}, init } of [services.web, services.worker]) {
      expect([build, init]).toEqual([".", true]);
      expect(after).toEqual({ redis: { condition: "service_healthy" } });
      expect(
        Object.keys(environment).filter((name) => !variableNames.some((known) => known === name)),
      ).toEqual([]);
      expect(readEnvironment(environment)).toMatchObject({
        store: { kind: "redis", url: "redis://redis:6379" },
        listen: { host: "0.0.0.0", port: 3000 },
      });
    }
  });

  it("gives nobody root, a capability or a writable image, and opens a port on this machine only", () => {
    for (const service of Object.values(services)) {
      expect(["root", "0"]).not.toContain(service.user);
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    }
    expect([services.web.read_only, services.worker.read_only]).toEqual([true, true]);
    expect([services.web.ports, services.worker.ports]).toEqual([["127.0.0.1:3000:3000"], undefined]);
  });

  it("has every volume it names", () => {
    const named = Object.values(services)
      .flatMap((service) => service.volumes)
      .filter((volume) => !volume.startsWith("/"))
      .map((volume) => volume.split(":")[0]);
    expect(named).toEqual(Object.keys(volumes));
  });
});

/** Instructions as [NAME, rest], with continued lines joined. */
const instructions = text("Dockerfile")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)] as const);
const all = (name: string) => instructions.filter(([one]) => one === name).map(([, rest]) => rest);

describe("Dockerfile", () => {
  it("holds only instructions that Docker knows", () => {
    const known = [
      "FROM",
      "WORKDIR",
      "COPY",
      "RUN",
      "ENV",
      "USER",
      "VOLUME",
      "EXPOSE",
      "HEALTHCHECK",
      "ENTRYPOINT",
      "CMD",
    ];
    expect(instructions.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("builds in one stage and runs in another, on one LTS line of Node that package.json allows", () => {
    expect(all("FROM")).toEqual(["node:24-bookworm-slim AS build", "node:24-bookworm-slim"]);
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(text("package.json")));
    expect(engines.node).toBe(">=20.19");
  });

  it("installs from the lock file, drops what only development needs, brings git, and does not run as root", () => {
    const run = all("RUN").join("\n");
    expect(run).toMatch(/npm ci .*\n.*npm run build && npm prune --omit=dev/);
    expect(run).toMatch(/apt-get install .*\bgit\b/);
    expect(instructions.findLast(([name]) => name === "USER")?.[1]).toBe("node");
    expect(instructions.findIndex(([name]) => name === "USER")).toBeGreaterThan(
      instructions.findLastIndex(([name]) => name === "RUN"),
    );
  });

  it("starts the command line in its exec form, with a health check that asks /healthz", () => {
    expect(JSON.parse(all("ENTRYPOINT")[0] ?? "")).toEqual(["node", "dist/main.js"]);
    expect(JSON.parse(all("CMD")[0] ?? "")).toEqual(["start"]);
    const [, check] = (all("HEALTHCHECK")[0] ?? "").split(" CMD ");
    expect(JSON.parse(check ?? "")).toEqual(["node", "-e", expect.stringContaining("/healthz")]);
  });

  it("sets only variables that Errand knows", () => {
    const set = [...(all("ENV")[0] ?? "").matchAll(/([A-Z_]+)=/g)].map(([, name]) => name ?? "");
    const known: readonly string[] = [...variableNames, "NODE_ENV"];
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
    expect(set).toContain("NODE_ENV");
  });

  it("copies only what .dockerignore lets in, and that is there", () => {
    const rules = text(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(rules[0]).toBe("*");
    const letIn = rules.slice(1).map((rule) => rule.replace(/^!/, ""));
    const copied = all("COPY")
      .filter((rest) => !rest.startsWith("--from"))
      .flatMap((rest) => rest.split(" ").slice(0, -1));
    expect([...new Set(copied)].sort()).toEqual([...letIn].sort());
    expect(letIn.filter((file) => !existsSync(file))).toEqual([]);
    expect(letIn.filter((file) => /env|pem|\.git/.test(file))).toEqual([]);
  });
});
