// What a comment asks for, and the many things that look like it and do not.
import { describe, expect, it } from "@jest/globals";
import { userVerbs } from "../../src/core/command.ts";
import { MAX_COMMANDS, MAX_COMMENT, MAX_PATH, parseComment } from "../../src/webhooks/grammar.ts";

const verbsIn = (text: string) => parseComment(text).map(({ verb }) => verb);

describe("parseComment", () => {
  it.each([
    ["/agent fix-conflicts", "fix-conflicts"],
    ["/agent fix conflicts", "fix-conflicts"],
    ["/agent   fix\tconflicts  ", "fix-conflicts"],
    ["/Agent Fix-Conflicts", "fix-conflicts"],
    ["/agent FIX CONFLICTS.", "fix-conflicts"],
    ["/agent please fix conflicts!", "fix-conflicts"],
    ["/agent fix-conflicts please", "fix-conflicts"],
    ["/agent fix-tests", "fix-tests"],
    ["/agent fix tests", "fix-tests"],
    ["/agent fix_tests", "fix-tests"],
    ["/agent FixTests!", "fix-tests"],
    ["/agent fix-ci", "fix-tests"],
    ["/agent please fix CI.", "fix-tests"],
    ["/agent write-tests", "write-tests"],
    ["/agent Write tests, please", "write-tests"],
    ["   /agent apply", "apply"],
    ["/agent\u00a0apply", "apply"],
    ["Thanks!\r\n\r\n/agent status\r\n", "status"],
    ["/agent stop it, all of it", "stop"],
    ["/agent", "help"],
    ["/agent help", "help"],
  ])("reads %j as %s", (text, verb) => {
    expect(parseComment(text)).toEqual([{ verb, args: [] }]);
  });

  it.each([
    ["in the middle of a line", "please /agent apply"],
    ["another word", "/agents apply"],
    ["another word", "/agent-apply"],
    ["a path", "/agent/apply"],
    ["a quote", "> /agent apply"],
    ["a nested quote", ">> /agent apply"],
    ["a list item", "- /agent apply"],
    ["inline code", "`/agent apply`"],
    ["four spaces", "    /agent apply"],
    ["a tab", "\t/agent apply"],
    ["a fence", "```\n/agent apply\n```"],
    ["a tilde fence", "~~~sh\n/agent apply\n~~~"],
    ["a fence that is never closed", "```\n/agent apply"],
    ["a longer fence around a shorter one", "````\n```\n/agent apply\n```\n/agent stop\n````"],
    ["a fence that another kind does not close", "```\n~~~\n/agent apply\n```"],
    ["a fence with text behind what looks like its end", "```\n``` x\n/agent apply\n```"],
    ["a fence in a list", "- see\n- ```\n  /agent apply\n  ```"],
    ["a fence in a numbered list", "1. ```\n   /agent apply\n   ```"],
    ["a hidden comment", "<!--\n/agent apply\n-->"],
    ["a hidden comment in one line", "<!-- x -->/agent apply"],
    ["beyond the longest comment", `${" ".repeat(MAX_COMMENT)}\n/agent apply`],
    ["nothing", ""],
  ])("ignores a command that is %s", (_, text) => {
    expect(parseComment(text)).toEqual([]);
  });

  it("goes on behind a fence, a quote and a hidden comment", () => {
    expect(verbsIn("```\n/agent stop\n```\n> /agent stop\n<!-- /agent stop -->\n/agent apply")).toEqual([
      "apply",
    ]);
    expect(verbsIn("- ```\n  /agent stop\n  ```\n/agent apply")).toEqual(["apply"]);
    expect(verbsIn("```not a fence``` \n/agent apply")).toEqual(["apply"]);
    expect(verbsIn("> ```\n/agent apply")).toEqual(["apply"]);
  });

  it("answers what it does not know with help, carrying what was typed and the nearest verb", () => {
    expect(parseComment("/agent fix-conflict")).toEqual([
      { verb: "help", args: ["fix-conflict", "fix-conflicts"] },
    ]);
    expect(parseComment("/agent Fix Conflict")).toEqual([
      { verb: "help", args: ["Fix Conflict", "fix-conflicts"] },
    ]);
    expect(parseComment("/agent aply now")).toEqual([{ verb: "help", args: ["aply now", "apply"] }]);
    expect(parseComment("/agent frobnicate")).toEqual([{ verb: "help", args: ["frobnicate"] }]);
    expect(parseComment("/agent write some tests for the parser")).toEqual([
      { verb: "help", args: ["write some tests for the parser", "write-tests"] },
    ]);
    expect(parseComment("/agent fix-test")).toEqual([{ verb: "help", args: ["fix-test", "fix-tests"] }]);
    expect(parseComment("/agent make coffee quickly")).toEqual([
      { verb: "help", args: ["make coffee quickly"] },
    ]);
  });

  it("does not push on a sentence that it understands only in part", () => {
    expect(verbsIn("/agent apply it to the other branch")).toEqual(["help"]);
    expect(verbsIn("/agent fix conflicts in package.json only")).toEqual(["help"]);
    expect(verbsIn("/agent fix-tests src/a.ts")).toEqual(["help"]);
    expect(verbsIn("/agent write tests for the parser")).toEqual(["help"]);
    expect(verbsIn("/agent write-tests src/a.ts src/b.ts")).toEqual(["help"]);
  });

  it.each([
    ["src/Parser.ts", "src/Parser.ts"],
    ["./src/Parser.ts", "src/Parser.ts"],
    ["`src/Parser.ts`.", "src/Parser.ts"],
    ["src/lib/", "src/lib/"],
    ["src/@x/[id]/größe.ts, please", "src/@x/[id]/größe.ts"],
    ["a".repeat(MAX_PATH), "a".repeat(MAX_PATH)],
  ])("takes the path of write-tests as it is written: %s", (typed, path) => {
    expect(parseComment(`/agent write-tests ${typed}`)).toEqual([{ verb: "write-tests", args: [path] }]);
    expect(parseComment(`/agent Write Tests ${typed}`)).toEqual([{ verb: "write-tests", args: [path] }]);
  });

  it.each([
    ["absolute", "/etc/passwd"],
    ["above the repository", "src/../../x"],
    ["dots alone", "./.."],
    ["empty in a part", "src//a.ts"],
    ["too long", "a".repeat(MAX_PATH + 1)],
    ["with a control character", "src/a\u0007.ts"],
    ["with an invisible character", "src/a\u202ets.exe"],
    ["with a line separator", "src/a\u2028b"],
    ["with a backslash", "src\\a.ts"],
    ["backquotes alone", "``"],
  ])("takes no path that is %s", (_, typed) => {
    expect(verbsIn(`/agent write-tests ${typed}`)).toEqual(["help"]);
  });

  it("takes each request once, in order, from no more lines than the limit", () => {
    const paths =
      "/agent write-tests a.ts\n/agent write-tests b.ts\n/agent write-tests a.ts\n/agent write-tests";
    expect(parseComment(paths).map(({ args }) => args)).toEqual([["a.ts"], ["b.ts"], []]);
    expect(verbsIn("/agent dance\n/agent sing")).toEqual(["help"]);
    expect(verbsIn("/agent stop\n/agent apply\n/agent stop")).toEqual(["stop", "apply"]);
    expect(verbsIn(userVerbs.map((verb) => `/agent ${verb}`).join("\n"))).toEqual(
      userVerbs.slice(0, MAX_COMMANDS),
    );
    expect(verbsIn(`${"/agent status\n".repeat(MAX_COMMANDS)}/agent apply`)).toEqual(["status"]);
  });
});

/** A number from 0 to below `limit`, from a seed (mulberry32): 100,000 comments in seconds, the same ones each time. */
function random(seed: number) {
  let state = seed;
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const words =
  "` ~ > < - * + 1. # / . ! \t \r \n \r\n ``` ~~~ <!-- --> /agent \n/agent fix conflicts fix-conflict write-tests apply".split(
    " ",
  );
const fragments = [...words, " ", "    ", "\u00a0", "\u2028", "\u200b", "\ud800", "😀", "\0"];

describe("100,000 hostile comments of up to 64 KB", () => {
  it("never throw, and cost one look at each line", () => {
    const below = random(20_260_102);
    for (let run = 0; run < 100_000; run++) {
      const parts = Array.from({ length: below(30) }, () => fragments[below(fragments.length)] ?? "");
      // Every hundredth is repeated to the full size: that is where a scanner that looks back blows up.
      const text = parts
        .join(below(2) ? "" : " ")
        .repeat(run % 100 === 0 ? 1_000 : 1)
        .slice(0, MAX_COMMENT);
      let looked = 0;
      const requests = parseComment(text, (characters) => (looked += characters));
      const fine = requests.every(
        ({ verb, args }) => userVerbs.includes(verb) && args.join("").length <= MAX_PATH,
      );
      if (!fine || requests.length > MAX_COMMANDS || looked > text.length + 1)
        throw new Error(JSON.stringify(text));
    }
  });
});
