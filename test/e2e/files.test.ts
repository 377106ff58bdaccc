// Files that are hard to merge and hard to name: bytes outside the conflict stay as they are, and what is for a person is said in words.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { FileSpec } from "../support/fake-github.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, pushAll, settled, sticky } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

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

type Files = Record<string, FileSpec>;

/** Runs one pull request and returns it with the comment. */
async function run(before: Files, ours: Files, theirs: Files): Promise<Scenario & { comment: string }> {
  const scenario = await openConflict(world, { before: { ...pushAll, ...before }, ours, theirs });
  await world.ask(scenario.pull, "ann", "/agent fix-conflicts");
  return { ...scenario, comment: sticky(world, scenario.pull) };
}

/** A .gitignore of 8 entries between which both sides add one: settled as a list. */
const list = (end: string, ...added: (string | Buffer)[]): Buffer =>
  Buffer.concat(
    ["*.a", "*.b", "*.c", "*.d", ...added, "*.x", "*.y", "*.z"].flatMap((line) => [
      Buffer.from(line as string),
      Buffer.from(end),
    ]),
  );

const invalid = Buffer.from([0xff, 0xfe, 0x80, 0x0a]);
const none = Buffer.alloc(0);

/** Directory → line ending, and what stands before and behind the list. */
const encodings: Record<string, { end: string; before?: Buffer; after?: Buffer }> = {
  lf: { end: "\n" },
  crlf: { end: "\r\n" },
  "byte-order-mark": { end: "\n", before: Buffer.from("\uFEFF# marked\n") },
  "no-newline-at-the-end": { end: "\n", after: Buffer.from("*.last") },
  "invalid-utf-8": { end: "\n", before: invalid, after: invalid },
  "mixed-line-endings": { end: "\r\n", before: Buffer.from("# a\n"), after: Buffer.from("#\rb\r\n") },
};

const encoded = (name: string, ...added: string[]): Buffer => {
  const { end = "\n", before = none, after = none } = encodings[name] ?? {};
  return Buffer.concat([before, list(end, ...added), after]);
};

describe("bytes outside the conflict", () => {
  let scenario: Scenario;
  beforeAll(async () => {
    const files = (...added: string[]) =>
      Object.fromEntries(
        Object.keys(encodings).map((name) => [`${name}/.gitignore`, encoded(name, ...added)]),
      );
    scenario = await run(files(), files("*.ours"), files("*.theirs"));
  });

  it.each(Object.keys(encodings))("stay as they are: %s", async (name) => {
    const bytes = await world.github.git(scenario.app).readBytes("feature", `${name}/.gitignore`);
    const orders = [encoded(name, "*.ours", "*.theirs"), encoded(name, "*.theirs", "*.ours")];
    expect(orders.map(String)).toContain(String(bytes));
    expect(orders.some((one) => bytes?.equals(one))).toBe(true);
  });
});

describe("paths", () => {
  const names = [
    "with space/.gitignore",
    "quo\"te's/.gitignore",
    "-rf/.gitignore",
    "--output=x/.gitignore",
    "ünï/日本/.gitignore",
    "line\nbreak/.gitignore",
    "tab\there/.gitignore",
    "back\\slash/.gitignore",
    "$(touch x)`id`/.gitignore",
    ":(glob)**/.gitignore",
    "emoji-😀-\u202Egpj/.gitignore",
  ];

  it("of every kind are merged where they are, and no other path is made", async () => {
    const files = (...added: string[]) =>
      Object.fromEntries(names.map((name) => [name, list("\n", ...added)]));
    const { app, comment, head, base } = await run(files(), files("*.ours"), files("*.theirs"));
    const git = world.github.git(app);
    expect(comment).toContain("Conflicts resolved and pushed");
    expect((await git.log("feature"))[0]?.parents).toEqual([head, base]);
    for (const name of names) {
      const text = String(await git.readBytes("feature", name));
      expect([name, text.includes("*.ours"), text.includes("*.theirs")]).toEqual([name, true, true]);
    }
    const unquoted = (await git.run("ls-tree", "-r", "-z", "--name-only", "feature")).split("\0");
    expect(unquoted.filter(Boolean).sort()).toEqual([".github/agent.yml", ...names].sort());
  });
});

/** A repository with one file to fall back on, so that the rest is seen to be delivered beside what is left. */
const beside = (files: Files, side: "before" | "ours" | "theirs"): Files => ({
  ...settled[side],
  ...files,
});

describe("conflicts that are for a person", () => {
  const oid = "1234567890123456789012345678901234567890";
  const cases: [string, { before: Files; ours: Files; theirs: Files }, RegExp][] = [
    [
      "deleted by one, changed by the other",
      { before: { "del.txt": "1\n2\n3\n" }, ours: { "del.txt": null }, theirs: { "del.txt": "1\n2\n4\n" } },
      /modify-delete.*The pull request deleted "del\.txt", and the base branch changed it/,
    ],
    [
      "changed by one, deleted by the other",
      {
        before: { "change.txt": "1\n2\n3\n" },
        ours: { "change.txt": "1\n2\n4\n" },
        theirs: { "change.txt": null },
      },
      /The pull request changed "change\.txt", and the base branch deleted it/,
    ],
    [
      "added by both",
      {
        before: {},
        ours: { "added.js": "export const a = one();\n" },
        theirs: { "added.js": "let b = [2];\n" },
      },
      /`added\.js` \| 1 \| human/,
    ],
    [
      "renamed to two names",
      {
        before: { "ren.txt": "1\n2\n3\n4\n" },
        ours: { "ren.txt": null, "ren-g.txt": "1\n2\n3\n4\n" },
        theirs: { "ren.txt": null, "ren-h.txt": "1\n2\n3\n4\n" },
      },
      /rename-rename.*Both sides renamed one file to different names/,
    ],
    [
      "binary",
      {
        before: { "bin.bin": Buffer.from([0, 1, 2]) },
        ours: { "bin.bin": Buffer.from([0, 1, 3]) },
        theirs: { "bin.bin": Buffer.from([0, 1, 4]) },
      },
      /binary.*Both the pull request and the base branch changed "bin\.bin", which is not text/,
    ],
    [
      "a submodule",
      {
        before: { sub: { submodule: oid } },
        ours: { sub: { submodule: oid.replace("1", "2") } },
        theirs: { sub: { submodule: oid.replace("1", "3") } },
      },
      /submodule.*The pull request has a submodule at 2234567890 at "sub"/,
    ],
    [
      "a symbolic link",
      {
        before: { link: { symlink: "a" } },
        ours: { link: { symlink: "b" } },
        theirs: { link: { symlink: "c" } },
      },
      /symlink.*a symbolic link at "link"/,
    ],
    [
      "added with two modes",
      { before: {}, ours: { "mode.sh": { content: "a\n", executable: true } }, theirs: { "mode.sh": "a\n" } },
      /mode.*The pull request made "mode\.sh" executable/,
    ],
    [
      "a file where the other has a directory",
      { before: {}, ours: { thing: "file\n" }, theirs: { "thing/in": "directory\n" } },
      /file-directory.*One side has a file where the other has a directory/,
    ],
  ];

  let scenario: Scenario & { comment: string };
  beforeAll(async () => {
    const all = (side: "before" | "ours" | "theirs") =>
      beside(Object.assign({}, ...cases.map(([, versions]) => versions[side])) as Files, side);
    scenario = await run(all("before"), all("ours"), all("theirs"));
  });

  it.each(cases)("%s: worded", (_name, _versions, words) => {
    expect(scenario.comment).toMatch(words);
  });

  it("are left, and what was settled beside them is offered as a patch", async () => {
    const { app, head, comment } = scenario;
    expect(comment).toContain("Some conflicts are left for you");
    expect(comment).toContain('+  "n": 2');
    expect(await world.github.git(app).head("feature")).toBe(head);
    expect(world.github.checkRuns(app)).toMatchObject([{ conclusion: "neutral" }]);
    expect(world.github.checkRuns(app)[0]?.annotations.map(({ path }) => path)).toContain("del.txt");
  });
});

describe("a file of 30 MB", () => {
  it("is left to a person without being loaded, and does not stop the rest", async () => {
    const big = (first: string) => `${first}\n${"0123456789abcdef\n".repeat(1_800_000)}`;
    const { comment } = await run(
      beside({ "big.txt": big("1") }, "before"),
      beside({ "big.txt": big("2") }, "ours"),
      beside({ "big.txt": big("3") }, "theirs"),
    );
    expect(comment).toMatch(/`big\.txt` \| whole file.*larger than the size limit/);
    expect(comment).toContain('+  "n": 2');
  });
});
