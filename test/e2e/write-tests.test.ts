// Tests on demand, from the comment to the pushed commit: a real sandbox, real git, a scripted model over HTTP.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { dataOf } from "../../src/scripted/prompt-data.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openRed } from "./red.ts";
import { sticky } from "./scenarios.ts";

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

const base = {
  "package.json": '{ "name": "fees", "type": "module", "scripts": { "test": "node --test" } }\n',
  "src/fee.js": "export function fee(days) {\n  return days;\n}\n",
  "test/other.test.js":
    'import assert from "node:assert/strict";\nimport { test } from "node:test";\n\ntest("one and one", () => {\n  assert.equal(1 + 1, 2);\n});\n',
};
const head = {
  "src/fee.js":
    "export function fee(days) {\n  if (days > 30) {\n    return days * 2;\n  }\n  return 5;\n}\n",
};
const answer = [
  'import assert from "node:assert/strict";',
  'import { test } from "node:test";',
  'import { fee } from "../src/fee.js";',
  "",
  'test("thirty days cost five", () => {\n  assert.equal(fee(30), 5);\n});',
  "",
  'test("more cost double", () => {\n  assert.equal(fee(31), 62);\n});',
  "",
  'test("is a function", () => {\n  assert.equal(typeof fee, "function");\n});',
  "",
  'test("is wrong", () => {\n  assert.equal(fee(1), 4);\n});',
  "",
].join("\n");

describeSandboxed("tests on demand", () => {
  let world: World;
  let server: ScriptedServer;
  let directory: string;
  beforeAll(async () => {
    directory = await sandboxFolder();
    server = await startScriptedServer((request) =>
      dataOf(request.user).has("function")
        ? { kind: "text", text: `\`\`\`js\n${answer}\`\`\`\n` }
        : keepBoth(request),
    );
    world = await startWorld({
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: directory,
        ERRAND_SMALL_MODEL: "openai:scripted@here",
        ERRAND_ENDPOINTS: `here=${server.openaiUrl}`,
        ERRAND_PRICES: "@here=0.10/0.50",
      },
    });
  }, 120_000);
  afterEach(() => {
    expect(world.github.violations).toEqual([]);
    expect(server.violations()).toEqual([]);
  });
  afterAll(async () => {
    await world.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("keeps the tests that notice a planted fault, pushes them alone, and says why the others are not kept", async () => {
    const { app, pull, head: before } = await openRed(world, { base, head, test: "" });
    await world.ask(pull, "ann", "/agent write-tests src/fee.js");
    const git = world.github.git(app);
    const [commit] = await git.log("feature");
    expect(commit?.parents).toEqual([before]);
    const changed = await git.run("diff", "--name-only", `${before}..feature`);
    expect(changed.trim()).toBe("test/fee.test.js");
    const text = (await git.read("feature", "test/fee.test.js")) ?? "";
    expect(text).toContain("thirty days cost five");
    expect(text).not.toMatch(/is a function|is wrong/);
    const body = plain(sticky(world, pull));
    expect(body).toContain("Tests written and pushed");
    expect(body).toMatch(/`fee` in `src\/fee\.js` \| 2 \| `test\/fee\.test\.js`/);
    expect(body).toMatch(/`is a function`: /);
    expect(body).toMatch(/`is wrong`: /);
  }, 300_000);

  it("proposes them where only what is proven may be pushed, and applies them without asking a model again", async () => {
    const settings = { ".github/agent.yml": "push:\n  mode: proven\n" };
    const { app, pull, head: before } = await openRed(world, { base, head, test: "" }, { settings });
    await world.ask(pull, "ann", "/agent write-tests");
    expect(plain(sticky(world, pull))).toContain("Tests written, waiting for your word");
    expect(await world.github.git(app).head("feature")).toBe(before);
    const asked = server.requests().length;
    await world.ask(pull, "ann", "/agent apply");
    expect(server.requests()).toHaveLength(asked);
    expect(await world.github.git(app).read("feature", "test/fee.test.js")).toContain("more cost double");
  }, 300_000);
});
