import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { unionPeer, whitespacePeer } from "../../../bench/support/git-peers.ts";
import { isOneOf } from "../../../bench/support/mergiraf-peer.ts";
import { oneByOne } from "../../../bench/support/peer.ts";
import type { Conflict } from "../../../bench/support/peer.ts";
import { peerTable } from "../../../bench/support/peer-table.ts";
import { scratchDirectory } from "./support.ts";
import type { Scratch } from "./support.ts";

let scratch: Scratch;
beforeAll(() => {
  scratch = scratchDirectory();
});
afterAll(() => {
  scratch.remove();
});

const conflict = (fields: Partial<Conflict> = {}): Conflict => ({
  path: "a.ts",
  base: "a\nb\nc\n",
  ours: "a\nours\nc\n",
  theirs: "a\ntheirs\nc\n",
  judge: () => "exact",
  ...fields,
});

/** Ours only indents; theirs changes the same line. */
const indented = conflict({ ours: "a\n  b\nc\n", base: "a\n b\nc\n", theirs: "a\n bee\nc\n" });

describe("git's own answers", () => {
  it("unites both sides", async () => {
    const [answer] = await unionPeer(scratch.directory).answer([conflict()]);
    expect(answer).toMatchObject({ applies: true, text: "a\nours\ntheirs\nc\n" });
  });

  it("leaves what git does not take for text", async () => {
    const [answer] = await unionPeer(scratch.directory).answer([conflict({ ours: "a\0b" })]);
    expect(answer).toMatchObject({ applies: true, text: null });
  });

  it("merges all in one, with changes of whitespace ignored", async () => {
    const many = Array.from({ length: 120 }, () => conflict());
    const answers = await whitespacePeer(scratch.directory).answer([
      ...many,
      indented,
      conflict({ ours: "" }),
    ]);
    expect(answers.map(({ text }) => text)).toEqual([...many.map(() => null), "a\n bee\nc\n", null]);
  });
});

describe("isOneOf", () => {
  const applies = isOneOf("Java (*.java)\nTypescript (*.ts, *.mts)\ngo.mod (go.mod)\nC++ (*.h, *.c++)\n");

  it.each([
    ["src/A.java", true],
    ["a/b.mts", true],
    ["sub/go.mod", true],
    ["a.c++", true],
    ["a.tsx", false],
    ["java", false],
    ["go.modx", false],
  ])("%s: %s", (path, expected) => {
    expect(applies({ path })).toBe(expected);
  });
});

describe("peerTable", () => {
  it("counts what a tool applies to, settles and gets right, and says which tool is absent", async () => {
    const judge: Conflict["judge"] = (text) =>
      text === "yes" ? "exact" : text === "nearly" ? "normalised" : "wrong";
    const conflicts = ["yes", "nearly", "no", "open", "other"].map((path) => conflict({ path, judge }));
    const tool = oneByOne(
      { name: "tool", how: "by hand" },
      {
        applies: ({ path }) => path !== "other",
        merge: ({ path }) => {
          if (path === "open") throw new Error("a tool may break");
          return path;
        },
      },
    );
    const { title, rows } = await peerTable("All", conflicts, [
      tool,
      { name: "gone", absent: "not installed" },
    ]);
    expect(title).toBe("All (5)");
    expect(rows[0]).toMatchObject({
      tool: "tool",
      "applies to": 4,
      settled: 3,
      "right when settled": "66.7%",
      exact: 1,
      "exact of all": "20.0%",
      "right of all": "40.0%",
    });
    expect(rows[1]).toMatchObject({ tool: "gone", "applies to": "absent", how: "not installed" });
  });
});
