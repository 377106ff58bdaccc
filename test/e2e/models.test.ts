// Models in a whole run: asked over HTTP about what rules leave open, counted, proposed and not pushed, and never missed where they fail.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { failing, garbageText, tenMegabytes } from "../../src/scripted/faults.ts";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { Answerer, ScriptedServer } from "../../src/scripted/server.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, sticky } from "./scenarios.ts";

const behaviours: Readonly<Record<string, Answerer>> = {
  good: keepBoth,
  "wrong-key": failing(401),
  unknown: failing(404),
  busy: failing(529, 0),
  overflow: () => ({
    kind: "status",
    status: 400,
    message: "This model's maximum context length is 2048 tokens",
  }),
  huge: tenMegabytes,
  garbage: garbageText(1),
};

/** An address of this machine at which nobody listens any more. */
async function closedPort(): Promise<string> {
  const gone = await startScriptedServer(failing(500));
  await gone.close();
  return gone.openaiUrl;
}

let server: ScriptedServer;
let world: World;
beforeAll(async () => {
  server = await startScriptedServer((asked) => (behaviours[asked.model] ?? failing(404))(asked));
  const names = Object.keys(behaviours).map((name) => `openai:${name}@scripted`);
  world = await startWorld({
    variables: {
      ERRAND_SMALL_MODEL: "openai:good@scripted",
      ERRAND_MODELS: [...names, "openai:any@gone", "openai:any@unpriced", "openai:gpt-6-luna"].join(","),
      ERRAND_ENDPOINTS: `scripted=${server.openaiUrl},gone=${await closedPort()},unpriced=${server.openaiUrl}`,
      ERRAND_ENDPOINT_KEYS: "scripted=canary-key-of-the-endpoint",
      ERRAND_PRICES: "@scripted=0.10/0.50,@gone=0",
    },
  });
}, 120_000);
afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  expect(server.violations()).toEqual([]);
  expect(JSON.stringify(world.lines)).not.toContain("canary-key");
  await world.close();
  await server.close();
});

/** Without what keeps Markdown from reading it as markup. */
const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

const total = (sum: string) => ({ "code.js": `export const total = (item) => ${sum};\n` });

/** Both sides rewrote the same line; whoever reads both can tell what it should be. */
const choosing = (name: string) => ({
  before: { ...total("item.price"), ".github/agent.yml": `models:\n  small: ${name}\npush:\n  bar: 0\n` },
  ours: total("item.price - discount(item)"),
  theirs: total("item.price * item.quantity"),
});

it("proposes what a model picked, whatever the bar, says what it cost, and applies it without asking again", async () => {
  const { app, pull, head } = await openConflict(world, choosing("openai:good@scripted"));
  const git = world.github.git(app);
  await world.ask(pull, "ann", "/agent fix-conflicts");
  const body = plain(sticky(world, pull));
  expect(body).toContain("Resolution ready, waiting for your word");
  expect(body).toMatch(/\| pick \|/);
  expect(body).toContain("in a way of which nobody has measured yet how often it is right");
  expect(body).toMatch(/0 of 1 hunk by rule for \$0, 1 by small models, in all \$0\.\d+ \(\d+ calls/);
  expect(body).toMatch(/one large model with whole files: \$0\.\d+/);
  expect(await git.head("feature")).toBe(head);

  const asked = server.requests().length;
  expect(asked).toBeGreaterThanOrEqual(3);
  await world.ask(pull, "ann", "/agent apply");
  expect(server.requests().length).toBe(asked);
  expect(sticky(world, pull)).toContain("Conflicts resolved and pushed");
  const merged = await git.read("feature", "code.js");
  expect(merged).toMatch(
    /^export const total = .*quantity.*discount.*;\n$|^export const total = .*discount.*quantity.*;\n$/,
  );
}, 120_000);

describe("a model that fails is a line in the report, and rules go on without it", () => {
  it.each([
    ["openai:gpt-6-luna", "OPENAI_API_KEY"],
    ["openai:wrong-key@scripted", "key"],
    ["openai:unknown@scripted", "openai:unknown@scripted"],
    ["openai:busy@scripted", "openai:busy@scripted"],
    ["openai:overflow@scripted", "context"],
    ["openai:huge@scripted", "large"],
    ["openai:garbage@scripted", "built-in merge questions"],
    ["openai:any@gone", "reached"],
    ["openai:any@unpriced", "ERRAND_PRICES"],
    ["openai:not-allowed", "not among the models"],
  ])(
    "%s",
    async (name, word) => {
      const both = choosing(name);
      const keys = (line: string) => `{\n  "a": 1,\n${line}  "z": 26\n}\n`;
      const { pull } = await openConflict(world, {
        before: { ...both.before, "keys.json": keys("") },
        ours: { ...both.ours, "keys.json": keys('  "m": 1,\n') },
        theirs: { ...both.theirs, "keys.json": keys('  "n": 2,\n') },
      });
      await world.ask(pull, "ann", "/agent fix-conflicts");
      const body = plain(sticky(world, pull));
      const line = body.split("\n").find((one) => one.startsWith("- ⚠️"));
      expect(line).toContain(word);
      expect(line).not.toContain("canary-key");
      expect(body).toMatch(/keys\.json.*settled/);
      expect(body).toContain("Some conflicts are left for you");
    },
    120_000,
  );
});
