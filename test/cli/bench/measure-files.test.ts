import { describe, expect, it } from "@jest/globals";
import type { Segment } from "../../../src/core/conflict.ts";
import { fileFigures } from "../../../src/cli/bench/file-figures.ts";
import { measureFile } from "../../../src/cli/bench/measure-files.ts";
import type { FileTools } from "../../../src/cli/bench/measure-files.ts";
import { fileCase } from "./support.ts";

const clean = (text: string): Segment => ({ kind: "clean", text });
const hunk = (base: string, ours: string, theirs: string): Segment => ({ kind: "hunk", base, ours, theirs });

describe("measureFile", () => {
  /** One hunk between two clean lines, settled as given. */
  const tools = (text: string | null, regenerate = false): FileTools => ({
    bar: 0.5,
    split: (path, { ours, theirs }) => {
      const file = {
        path,
        base: "",
        ours: ours.toString(),
        theirs: theirs.toString(),
        segments: [clean("a\n"), hunk("1\n", "2\n", "3\n"), clean("c\n")],
      };
      return Promise.resolve({ file, encode: (whole) => Buffer.from(whole) });
    },
    align: () => Promise.resolve(["x y\n"]),
    resolve: (file) =>
      Promise.resolve({
        path: file.path,
        hunks: file.segments.flatMap((segment) =>
          segment.kind === "clean"
            ? []
            : {
                hunk: segment,
                settlement: text === null ? null : { tier: "human" as const, class: "x", text, why: "" },
                why: "",
                candidates: [],
              },
        ),
        openHunks: text === null ? [0] : [],
        regeneration: regenerate ? { tool: "npm", why: "" } : null,
      }),
  });
  const one = fileCase({ path: "a.ts", merged: "a\nx y\nc\n" });

  it.each([
    ["the same", "x y\n", { whole: true, right: true, rightNormalised: true, settled: [{ right: true }] }],
    ["other layout", "x   y\n", { right: false, rightNormalised: true, settled: [{ right: true }] }],
    ["other", "z\n", { whole: true, right: false, rightNormalised: false, settled: [{ right: false }] }],
    ["open", null, { whole: false, right: false, rightNormalised: false, settled: [] }],
  ])("judges a result that is %s", async (_, text, expected) => {
    expect(await measureFile(one, tools(text))).toMatchObject({ hunks: 1, failure: null, ...expected });
  });

  it("pushes only what the precision table vouches for", async () => {
    expect(await measureFile(one, { ...tools("x y\n"), bar: 0 })).toMatchObject({ pushable: true });
    expect(await measureFile(one, tools("x y\n"))).toMatchObject({ pushable: false });
  });

  it("does not judge a hunk where the developers' file does not tell", async () => {
    const unknown: FileTools = { ...tools("x y\n"), align: () => Promise.resolve([null]) };
    expect(await measureFile(one, unknown)).toMatchObject({ settled: [{ right: null }] });
  });

  it("compares the values of a package.json", async () => {
    const json = fileCase({ path: "web/package.json", merged: '{"b": 1, "a": 2}\n' });
    const whole = (text: string): FileTools => {
      const file = { path: json.path, base: "", ours: "", theirs: "", segments: [hunk("", "1", "2")] };
      const split: FileTools["split"] = () => Promise.resolve({ file, encode: (all) => Buffer.from(all) });
      return { ...tools(text), split };
    };
    expect(await measureFile(json, whole('{"a":2,"b":1}'))).toMatchObject({
      parsedEqual: true,
      right: false,
    });
    expect(await measureFile(json, whole('{"a":2}'))).toMatchObject({ parsedEqual: false });
    expect(await measureFile(json, whole("{"))).toMatchObject({ parsedEqual: false });
  });

  it("counts files that are not text, that ask for their tool, and on which something throws", async () => {
    const binary: FileTools = { ...tools("x"), split: () => Promise.resolve(null) };
    const broken: FileTools = { ...tools("x"), resolve: () => Promise.reject(new Error("it broke")) };
    const measures = [
      await measureFile(one, binary),
      await measureFile(one, broken),
      await measureFile(one, tools(null, true)),
      await measureFile(one, tools("x y\n")),
      await measureFile(one, { ...tools("z\n"), align: () => Promise.resolve([null]) }),
    ];
    expect(measures[1]?.failure).toBe("it broke");
    expect(fileFigures(measures, { refused: 2, bar: 0.5 })).toMatchObject({
      n: 5,
      refused: 2,
      failed: 1,
      regenerate: 1,
      wholeSettled: 2,
      wholeRight: 1,
      hunks: 3,
      byTier: { human: { settled: 2, coverage: 0.6667, judged: 1, precision: 1 } },
    });
  });
});
