import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { gzipSync } from "node:zlib";
import { asLines, bench, fileCase, hunkCase, scratchDirectory } from "./bench/support.ts";
import type { Scratch } from "./bench/support.ts";

let scratch: Scratch;
beforeAll(() => {
  scratch = scratchDirectory();
});
afterAll(() => {
  scratch.remove();
});

/** No rule settles it, and each side's words are all that the resolution needs. */
const open = (id: string) =>
  hunkCase({
    id,
    path: "src/pay.ts",
    before: "function pay() {\n",
    after: "}\n",
    base: "  charge(one);\n",
    ours: "  charge(one, two);\n  audit(two);\n",
    theirs: "  settle(three);\n  charge(three);\n",
    resolution: "  settle(three);\n  charge(three, two);\n  audit(two);\n",
  });
const cases = asLines(open("a"), open("b"), open("c"), open("d"));

const models = async (model: string, file: string, ...more: string[]) => {
  const ended = await bench("models", "--json", "--model", model, "--cases", file, ...more);
  const figures = ended.stdout === "" ? null : (JSON.parse(ended.stdout) as Record<string, unknown>);
  return { ...ended, figures };
};

describe("errand bench models", () => {
  it("climbs the product's ladder with a scripted model over its own server, and counts calls and dollars", async () => {
    const { status, figures, stderr } = await models(
      "scripted:oracle",
      scratch.write("zipped", gzipSync(cases)),
    );
    expect(stderr).toBe("cases: 4 of 4\n");
    expect(status).toBe(0);
    expect(figures).toMatchObject({
      model: "scripted:oracle",
      n: 4,
      cases: 4,
      stride: 1,
      settledByModel: 4,
      rightByModel: 4,
      wrongAccepted: 0,
      harmful: 0,
      harmfulIfApplied: 0,
      reachable: 4,
      rightOfReachable: 4,
      left: 0,
      unpricedCalls: 0,
      tokensPerSecond: null,
      problems: [],
    });
    expect(figures?.["calls"]).toBeGreaterThanOrEqual(12);
    expect(figures?.["dollars"]).toBeGreaterThan(0);
    expect(figures?.["dollarsLargeOnly"]).toBeGreaterThan(0);
  });

  it("asks a model that talks rubbish about no case", async () => {
    const { status, figures } = await models("scripted:garbage", scratch.write("garbage", cases));
    expect(status).toBe(0);
    expect(figures).toMatchObject({ settledByModel: 0, wrongAccepted: 0, harmful: 0, left: 4 });
    expect(JSON.stringify(figures?.["problems"])).toContain("of 8");
    expect(figures?.["byTier"]).toMatchObject({ pick: { calls: 0 }, generate: { calls: 0 } });
  });

  it("asks it all the same where it is not screened, and spreads what it takes over the file", async () => {
    const file = scratch.write("unscreened", cases);
    const { figures } = await models("scripted:garbage", file, "--no-screening", "--max", "2");
    expect(figures).toMatchObject({ n: 2, stride: 2, harmful: 0 });
    expect(figures?.["calls"]).toBeGreaterThan(0);
    expect(figures?.["byTier"]).not.toHaveProperty("probe");
  });

  it("prints tables for people, of an obedient model", async () => {
    const file = scratch.write("obedient", cases);
    const { status, stdout } = await bench("models", "--model", "scripted:obedient", "--cases", file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^4 conflicts in 4 cases/);
    for (const title of ["Conflicts", "Harm", "Open after the rules", "By tier", "Questions", "Calls"])
      expect(stdout).toContain(title);
  });

  it("takes whole files, told by their fields, and judges each hunk where the developers' file tells", async () => {
    const clean = "const a = 1;\nconst b = 2;\nconst c = 3;\nconst d = 4;\n";
    const whole = (middle: string) => `${clean}${middle}${clean.replaceAll("const ", "let ")}`;
    const one = open("file");
    const file = fileCase({
      id: "file",
      path: "src/pay.ts",
      base: whole(one.base),
      ours: whole(one.ours),
      theirs: whole(one.theirs),
      merged: whole(one.resolution),
    });
    const lines = asLines({ ...file, lang: "typescript" }, fileCase());
    const { status, figures } = await models("scripted:oracle", scratch.write("files", lines));
    expect(status).toBe(0);
    expect(figures).toMatchObject({ cases: 2, n: 2, settled: 2, right: 2, rightByModel: 1, harmful: 0 });
  });

  it("goes on without a real model that cannot be asked, and says why", async () => {
    const { status, figures } = await models("openai:gpt-6-luna", scratch.write("real", cases));
    expect(status).toBe(0);
    expect(figures).toMatchObject({ settledByModel: 0, left: 4, harmful: 0 });
    expect(JSON.stringify(figures?.["problems"])).toContain("OPENAI_API_KEY");
  });

  it("names bad lines, leaves them out, and exits 1", async () => {
    const file = scratch.write("bad", `{"id": 7}\n[]\nnot json\n${cases}`);
    const { status, figures, stderr } = await models("scripted:oracle", file, "--max", "1");
    expect(status).toBe(1);
    expect(figures).toMatchObject({ n: 1, refused: 3, stride: 4 });
    expect(stderr).toContain("line 3 is refused: it is not JSON");
  });

  it.each([
    [["--model", "scripted:wizard", "--cases", "x"], "names no model"],
    [["--model", "https://models.example", "--cases", "x"], "names no model"],
    [["--model", "scripted:oracle", "--large", "big", "--cases", "x"], "--large"],
    [["--model", "scripted:oracle", "--cases", "/nowhere/at/all"], "ENOENT"],
    [["--model", "scripted:oracle", "--cases", "x", "--max", "0"], "from 1 on"],
    [["--model", "scripted:oracle", "--cases", "x", "--max", "many"], "from 1 on"],
    [["--cases", "x"], "--model"],
  ])("exits 2 with a remedy on %j", async (args, sentence) => {
    const { status, stdout, stderr } = await bench("models", ...args);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("This is unexpected");
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});
