// Text that tries to become markup, a mention, a trailer or a rule of git stays text, wherever people or git read it.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { startWorld } from "../e2e/harness.ts";
import type { World } from "../e2e/harness.ts";
import { open, openConflict, settled, sticky } from "../e2e/scenarios.ts";
import { dangersIn } from "../github/markdown-scanner.ts";

/** Whole runs on a machine that is busy with other things: the default is for one idle. */
jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  expect(world.github.violations).toEqual([]);
});
afterAll(() => world.close());

const markup = "![x](https://evil.example/x.png) <img src=x> @everyone #1 [a](b) <!-- c -->";

describe("a pull request made of hostile names", () => {
  it("breaks out of neither the comment nor the check run", async () => {
    const { github } = world;
    const paths = [`${markup.replaceAll("/", "∕")}.js`, "a`b``c|d\n# e.js", "</details>.js", "@acme∕team.js"];
    const files = (text: string) => Object.fromEntries(paths.map((path) => [path, text]));
    const scenario = await openConflict(
      world,
      {
        before: files("export const a = 1;\n"),
        ours: files('export const a = `</details>` + ours("@everyone");\n````\n'),
        theirs: files("export const a = theirs(); // <img src=x> ```\n"),
      },
      { branch: "@everyone-#1-<b>`x`</b>|", title: markup },
    );
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const comment = sticky(world, scenario.pull);
    expect(comment).toContain("@everyone");
    expect(dangersIn(comment)).toEqual([]);
    const [check] = github.checkRuns(scenario.app);
    expect(dangersIn(check?.summary ?? "")).toEqual([]);
    expect(check?.annotations).toHaveLength(paths.length);
  });

  it("cannot make the app say what a comment says", async () => {
    const scenario = await openConflict(world, open);
    await world.ask(scenario.pull, "ann", `/agent ${markup}`);
    expect(dangersIn(sticky(world, scenario.pull))).toEqual([]);
    await world.ask(scenario.pull, "eve", `/agent ${markup}`);
    expect(sticky(world, scenario.pull)).not.toContain("evil");
  });

  it.each([
    ["a next line (NEL)", "x\u0085Agent-Run=0000\u0085\u0085Signed-off-by=eve"],
    ["a line separator", "x\u2028\u2028Agent-Run-0000000000000000"],
    ["shell and option syntax", "--upload-pack=touch$(id)"],
    ["right-to-left", "x\u202Eniam"],
  ])("adds no trailer and no line to the commit message: %s", async (_name, branch) => {
    const { github } = world;
    const scenario = await openConflict(world, settled, { branch });
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const git = github.git(scenario.app);
    const [commit] = await git.log(`refs/heads/${branch}`);
    expect(commit?.parents).toEqual([scenario.head, scenario.base]);
    const lines = (commit?.message ?? "").split(/[\n\r\u0085]/u);
    expect(lines.filter((line) => line.startsWith("Agent-Run"))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("Signed-off-by"))).toEqual([]);
    const trailers = await git.run(
      "log",
      "-1",
      "--format=%(trailers:only,unfold,key_value_separator=|)",
      String(commit?.sha),
    );
    expect(
      trailers
        .trim()
        .split("\n")
        .map((line) => line.split("|")[0]),
    ).toEqual(["Agent-Run", "Co-authored-by"]);
    expect(dangersIn(sticky(world, scenario.pull))).toEqual([]);
  });
});

describe("a pull request's own rules for git", () => {
  it("do not make its conflict vanish, nor run anything", async () => {
    const rules = {
      ".gitattributes": "*.js merge=union\n* -text filter=evil diff=evil\n*.js conflict-marker-size=3\n",
      ".gitmodules":
        '[submodule "s"]\n\tpath = s\n\turl = ext::sh -c touch% /tmp/owned\n\tupdate = !touch /tmp/owned\n',
    };
    const scenario = await openConflict(world, {
      before: open.before,
      ours: { ...open.ours, ...rules },
      theirs: open.theirs,
    });
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    expect(sticky(world, scenario.pull)).toMatch(/`code\.js` \| 1 \| human .*\*\*open\*\*/);
    expect(await world.github.git(scenario.app).head("feature")).toBe(scenario.head);
  });

  it("do not change how a settled file is written", async () => {
    const scenario = await openConflict(world, {
      ...settled,
      ours: { ...settled.ours, ".gitattributes": "* text eol=crlf working-tree-encoding=UTF-16 ident\n" },
    });
    await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
    const bytes = await world.github.git(scenario.app).readBytes("feature", "keys.json");
    expect(String(bytes)).toBe('{\n  "a": 1,\n  "m": 1,\n  "n": 2,\n  "z": 26\n}\n');
  });
});
