// The walk at a terminal: screens from hostile text, keys from a stream, and the whole at a real pseudo-terminal.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { renderQuestion } from "../../src/cli/resolve-screen.ts";
import { walkAtTerminal } from "../../src/cli/resolve-terminal.ts";
import { beginWalk, stepWalk } from "../../src/cli/resolve-walk.ts";
import type { Question, Walk, WalkFile } from "../../src/cli/resolve-walk.ts";

const question = (change: Partial<Question> = {}): Question => ({
  line: 3,
  hunk: { kind: "hunk", base: "a\nb\nc\n", ours: "a\nB\nc\n", theirs: "a\nb\nC\n" },
  candidates: [
    { name: "token-merge", text: "a\nB\nC\n", why: "The pull request's side.", probability: 0.627 },
    { name: "empty", text: "", why: "Nothing: both sides are left out.", probability: 0.001 },
  ],
  offer: null,
  ...change,
});
const fileOf = (...questions: readonly Question[]): WalkFile => ({
  path: "src/a.ts",
  labels: { ours: "HEAD", theirs: "main" },
  questions: new Map(questions.entries()),
  order: [...questions.keys()],
});

function shown(file: WalkFile, colour = false): string {
  const { walk } = stepWalk(beginWalk([file]).walk, { kind: "ranked", file: 0, ranking: null });
  return renderQuestion(walk, { columns: 80, rows: 40, colour });
}

describe("the screen", () => {
  it("shows where, what each side did, and the candidates with how often such a one was right", () => {
    expect(shown(fileOf(question()))).toBe(
      [
        "",
        "src/a.ts:3 · 1 open hunk in 1 file",
        "  ours (HEAD)",
        "    a",
        "  - b",
        "  + B",
        "    c",
        "  theirs (main)",
        "    b",
        "  - c",
        "  + C",
        "",
        "  1 about 62 of 100 such cases: The current branch's side.",
        "      a",
        "      B",
        "      C",
        "  2 less than 1 of 100 such cases: Nothing: both sides are left out.",
        "      (no lines)",
        "",
        "[1-2] take one  [o]urs [t]heirs [b]oth [s]kip [u]ndo [q]uit [?] ",
      ].join("\n"),
    );
  });

  it("names what has become sure, and by its number where it is one of the candidates", () => {
    const offer = { tier: "ranked", class: "x", text: "a\nB\nC\n", why: "Taken as elsewhere." } as const;
    expect(shown(fileOf(question({ offer })))).toContain(
      "  now sure: candidate 1. Taken as elsewhere.\n  [Enter] accepts it\n",
    );
    expect(shown(fileOf(question({ offer: { ...offer, text: "other\n" } })))).toContain(
      "  now sure: Taken as elsewhere.\n      other\n  [Enter] accepts it\n",
    );
  });

  it("is in colour only where it may be", () => {
    expect(shown(fileOf(question()), true)).toContain("\u001b[32m  + B\u001b[39m");
    expect(shown(fileOf(question()), false)).not.toContain("\u001b");
  });

  it("lets no text move the cursor, hide, or fill the screen", () => {
    const nasty = fc.oneof(
      fc.constantFrom("\u001b[2J", "\r", "\u0007", "\u202E", "\u200B", "\u009B31m", "x".repeat(70_000)),
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constant("line\n".repeat(3_000)),
    );
    const text = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(""));
    const files = fc
      .record({ path: text, base: text, ours: text, theirs: text, why: text })
      .map(({ path: name, base, ours, theirs, why }) => ({
        ...fileOf(
          question({
            hunk: { kind: "hunk", base, ours, theirs },
            candidates: Array.from({ length: 8 }, () => ({
              name: "ours",
              text: ours,
              why,
              probability: 0.1,
            })),
          }),
        ),
        path: name,
        labels: { ours: why, theirs: base },
      }));
    fc.assert(
      fc.property(files, (file) => {
        const screen = shown(file);
        expect(screen).not.toMatch(/(?!\n)\p{Cc}|[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u);
        expect(screen.split("\n").length).toBeLessThan(100);
        expect(Math.max(...screen.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80 * 3);
      }),
      { numRuns: 100 },
    );
  });
});

describe("keys from a stream", () => {
  /** Writes each key once the next prompt is to be read. Resolves with the walk that was handed to `finish`. */
  async function play(files: readonly WalkFile[], keys: readonly string[]): Promise<Walk | null> {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const waiting = [...keys];
    output.on("data", (chunk: Buffer) => {
      if (!chunk.toString().includes("[?]")) return;
      const key = waiting.shift();
      if (key === undefined) input.end();
      else input.write(key);
    });
    let finished: Walk | null = null;
    await walkAtTerminal(files, {
      terminal: { input, output, colour: false },
      rank: () => Promise.reject(new Error("nothing new")),
      finish: (walk) => {
        finished = walk;
        return Promise.resolve();
      },
    });
    return finished;
  }
  const two = fileOf(question(), question({ line: 9 }));

  it.each([
    ["every hunk is answered", ["1", "o"], "done", 2],
    ["q is pressed", ["1", "q"], "quit", 1],
    ["Ctrl-C is pressed", ["t", "\u0003"], "quit", 1],
    ["the terminal goes away", ["1"], "quit", 1],
    ["help was read first", ["?", "1", "1"], "done", 2],
  ])("hands over what was answered when %s", async (_name, keys, ended, answers) => {
    const walk = await play([two], keys);
    expect([walk?.ended, walk?.answers.length]).toEqual([ended, answers]);
  });

  it("leaves no handler of signals behind", async () => {
    const before = process.listenerCount("SIGINT");
    await play([two], ["q"]);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});

/** util-linux's `script` makes a pseudo-terminal; what other systems call so takes other arguments. */
const script = "script";
function hasScript(): boolean {
  try {
    return execFileSync(script, ["--version"], { encoding: "utf8" }).includes("util-linux");
  } catch {
    return false;
  }
}
const atTerminal = hasScript() ? describe : describe.skip;
if (!hasScript()) console.warn("Skipped: a pseudo-terminal needs the command `script` of util-linux.");

atTerminal("errand resolve at a pseudo-terminal", () => {
  const main = path.resolve(import.meta.dirname, "../../src/main.ts");
  const tsx = pathToFileURL(path.resolve(import.meta.dirname, "../../node_modules/tsx/dist/loader.mjs")).href;
  const environment = {
    PATH: process.env["PATH"],
    TERM: "xterm",
    NO_COLOR: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "ann",
    GIT_AUTHOR_EMAIL: "ann@example.com",
    GIT_COMMITTER_NAME: "ann",
    GIT_COMMITTER_EMAIL: "ann@example.com",
  };
  let repository: string;
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: repository, env: environment, encoding: "utf8", stdio: "pipe" });
  const read = (file: string): Promise<string> => readFile(path.join(repository, file), "utf8");

  /** Two files in conflict, of two hunks and of one, in which only the meaning of the code decides. */
  async function diverge(): Promise<void> {
    const commit = async (name: string, price: string, label: string, hours: string): Promise<void> => {
      const body = [`  cost(${price});`, "", "  // between", "  pay();", "", `  print(${label});`];
      await writeFile(path.join(repository, "price.js"), `function sell() {\n${body.join("\n")}\n}\n`);
      await writeFile(path.join(repository, "zz.js"), `open(${hours});\n`);
      git("add", ".");
      git("commit", "-qm", name);
    };
    git("init", "-q", "-b", "main");
    await commit("base", "net", "name", "nine");
    git("switch", "-qc", "feature");
    await commit("ours", "gross(net)", "translate(name)", "eight");
    git("switch", "-q", "main");
    await commit("theirs", "net * amount", "title", "ten");
    git("switch", "-q", "feature");
    try {
      git("merge", "main");
    } catch {
      // The conflicts that the test is about.
    }
  }

  /** Runs the command at a pseudo-terminal and presses a key at every prompt; "q" when there are no more. */
  function atPrompts(
    keys: readonly (string | (() => string))[],
    ...args: string[]
  ): Promise<{ status: number; screen: string }> {
    const quoted = [process.execPath, "--import", tsx, main, "resolve", ...args]
      .map((word) => `'${word}'`)
      .join(" ");
    const child = spawn(script, ["-qefc", quoted, "/dev/null"], { cwd: repository, env: environment });
    let screen = "";
    let prompts = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
      const seen = screen.split("[?] ").length - 1;
      const key = keys[prompts] ?? "q";
      if (seen > prompts) child.stdin.write(typeof key === "string" ? key : key());
      prompts = seen;
    });
    return new Promise((resolve) => {
      child.on("close", (code) => {
        resolve({ status: code ?? -1, screen });
      });
    });
  }

  beforeEach(async () => {
    repository = await mkdtemp(path.join(tmpdir(), "errand-terminal-"));
    await diverge();
  });
  afterEach(() => rm(repository, { recursive: true, force: true }));

  it("takes the person's choices, adds what is decided, and ends with status 0", async () => {
    const { status, screen } = await atPrompts(["o", "o", "u", "t", "t"]);
    expect(screen).toContain("price.js:");
    expect(screen).toMatch(/1 about \d+ of 100 such cases: /);
    expect([status, git("status", "--porcelain")]).toEqual([0, "M  price.js\nM  zz.js\n"]);
    const text = await read("price.js");
    const ours = [text.includes("cost(gross(net));"), text.includes("print(translate(name));")];
    const theirs = [text.includes("cost(net * amount);"), text.includes("print(title);")];
    // The first answer stood, the second was undone and given anew.
    expect([ours.filter(Boolean).length, theirs.filter(Boolean).length]).toEqual([1, 1]);
    expect(await read("zz.js")).toBe("open(ten);\n");
  });

  it("loses nothing at Ctrl-C: what was chosen is written, the rest keeps git's markers", async () => {
    const { status } = await atPrompts(["o", "\u0003"]);
    expect([status, git("status", "--porcelain")]).toEqual([1, "UU price.js\nUU zz.js\n"]);
    const text = await read("price.js");
    expect(text.match(/^<{7} HEAD$/gm)).toHaveLength(1);
    expect(text.match(/^>{7} main$/gm)).toHaveLength(1);
    expect(await read("zz.js")).toBe("<<<<<<< HEAD\nopen(eight);\n=======\nopen(ten);\n>>>>>>> main\n");
  });

  it("writes nothing over a file that was edited in another window meanwhile", async () => {
    const edit = (): string => {
      writeFileSync(path.join(repository, "price.js"), "mine\n");
      return "o";
    };
    const { status, screen } = await atPrompts(["o", edit, "o"]);
    expect(screen).toContain("price.js: It was edited meanwhile; it is left as it is.");
    expect([status, await read("price.js"), await read("zz.js")]).toEqual([1, "mine\n", "open(eight);\n"]);
  });

  it("asks nothing with --no-input", async () => {
    const { status, screen } = await atPrompts([], "--no-input");
    expect(status).toBe(1);
    expect(screen).not.toContain("[?]");
  });
});
