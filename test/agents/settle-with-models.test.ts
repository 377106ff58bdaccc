// The model tiers of the conflict resolver, with models that play a script: what is asked, in which order, and what is taken.
import { describe, expect, it } from "@jest/globals";
import { pickPrompt } from "../../src/agents/conflict-resolver/prompts/pick.ts";
import { renderPrompt } from "../../src/core/prompt.ts";
import { settlementKey } from "../../src/core/settlement-key.ts";
import { settleWithModels } from "../../src/agents/conflict-resolver/settle-with-models.ts";
import {
  around,
  candidate,
  clean,
  fakeModels,
  fileOf,
  hunk,
  openResolution,
  price,
  settle,
  sides,
  smallModel,
  three,
  tierContext,
} from "./support.ts";
import type { FakeModels, Script } from "./support.ts";

const slots = ({ calls }: FakeModels) => calls.map(({ slot }) => slot);
const both = `${sides.ours}${sides.theirs}`;

describe("pick", () => {
  it("settles a hunk when all three samples choose the same candidate", async () => {
    const { hunks, models, kept, resolution } = await settle({ choose: () => three(sides.theirs) });
    expect(hunks[0]?.settlement).toEqual({
      tier: "pick",
      class: "openai:org_small@here/docs",
      text: sides.theirs,
      why: `3 of 3 samples of ${smallModel} chose this of 2 candidates: It is theirs.`,
    });
    expect(resolution.openHunks).toEqual([]);
    expect(kept).toMatchObject([{ key: settlementKey("shop.txt", sides), tier: "pick", text: sides.theirs }]);
    expect(models.calls).toMatchObject([{ slot: "pick", subject: "shop.txt#1", kind: "docs" }]);
    expect(models.notes).toMatchObject([
      { ids: ["call-1", "call-2", "call-3"], note: { accepted: true, meaning: sides.theirs } },
    ]);
  });

  it("leaves the hunk to a person where samples disagree, and says how they voted", async () => {
    const votes = [{ text: sides.ours }, { text: sides.ours }, { text: sides.theirs }];
    const { hunks, models, kept } = await settle({ choose: () => votes });
    expect(hunks[0]).toMatchObject({
      settlement: null,
      why: `No rule settles it. Asked ${smallModel}: its samples disagreed (2 for ours, 1 for theirs).`,
    });
    expect(slots(models)).toEqual(["pick"]);
    expect(kept).toEqual([]);
    expect(models.notes).toMatchObject([{ note: { gates: [], accepted: false } }]);
  });

  it("does not take an agreement of fewer samples than it asked for", async () => {
    const { hunks } = await settle({ choose: () => three(sides.ours).slice(1) });
    expect(hunks[0]?.settlement).toBeNull();
  });

  it("does not take a candidate with a word that nobody wrote", async () => {
    const file = fileOf("shop.txt", around(price));
    const sum = candidate("number-sum", "price = 5005\n");
    const resolution = openResolution(file, { 0: [sum, candidate("ours", sides.ours)] });
    const { hunks, models } = await settle({ choose: () => three(sum.text) }, {}, file, resolution);
    expect(hunks[0]?.why).toContain("neither the sides nor the lines around it have 5005");
    expect(models.notes[0]?.note).toMatchObject({
      accepted: false,
      gates: expect.arrayContaining([{ name: "nothing-from-nowhere", passed: false }]),
    });
  });

  it("shows each text once, at most eight, and the best of them that fit", async () => {
    const file = fileOf("shop.txt", around(price));
    const texts = Array.from({ length: 12 }, (_, index) => `price = two(${index})\n`);
    const many = ["price = two(0)\u200b\n", ...texts].map((text, index) => candidate(`c${index}`, text));
    const { models } = await settle({ choose: () => ["none"] }, {}, file, openResolution(file, { 0: many }));
    expect(models.calls[0]?.options).toEqual(["price = two(0)\u200b\n", ...texts.slice(1, 8)]);
    const long = texts.map((text, index) => candidate(`c${index}`, text.repeat(100)));
    const wide = await settle({ choose: () => ["none"] }, {}, file, openResolution(file, { 0: long }));
    const options = wide.models.calls[0]?.options ?? [];
    expect(options.length).toBeGreaterThanOrEqual(2);
    expect(options.length).toBeLessThan(8);
    const labelled = options.map((text) => ({ label: "A", text, maxBytes: 9_999, maxLines: 9_999 }));
    const { bytes } = renderPrompt(pickPrompt, { ...wide.models.calls[0]?.data, options: labelled });
    expect(bytes).toBeLessThanOrEqual(7_000);
  });

  it("shows commit subjects, the lines that a hunk stands in, and the likest settled hunk, each bounded", async () => {
    const body = hunk("    pay(1)\n", "    pay(two)\n", "    pay(three)\n");
    const file = fileOf("shop.py", [clean("class Shop:\n  def sell(self):\n"), body]);
    const earlier = {
      path: "a.py",
      hunk: hunk("", "pay(two)\n", "pay(three)\n"),
      text: "pay(two)\n",
    };
    const { models } = await settle(
      { choose: () => ["none"] },
      { subjects: { ours: `Sell ${"x".repeat(999)}`, theirs: null }, siblings: [earlier] },
      file,
    );
    const { data } = models.calls[0] ?? {};
    expect(data?.["place"]).toMatchObject({
      text: "file: shop.py\nlanguage: python\ninside: class Shop:\ninside: def sell(self):",
    });
    expect(data?.["subjects"]).toMatchObject({
      text: expect.stringMatching(/^ours: Sell x{1,200}\ntheirs: \(not known\)$/),
    });
    expect(data?.["earlier"]).toMatchObject([
      { label: "1", text: expect.stringContaining("resolved to:\npay(two)") },
    ]);
  });
});

describe("generate", () => {
  const writes = (...blocks: readonly string[]): Script => ({ choose: () => ["none"], write: () => blocks });

  it("is asked where none of the candidates is right, and taken when two of three samples say the same", async () => {
    const { hunks, models } = await settle(
      writes("price = two(3)\n", "price = three()\n", "price  =  two(3)\n"),
    );
    expect(slots(models)).toEqual(["pick", "generate"]);
    expect(hunks[0]?.settlement).toMatchObject({ tier: "generate", text: "price = two(3)\n" });
    expect(hunks[0]?.why).toContain("It leaves out: ours “price = two(2)”, theirs “price = three(3)”.");
  });

  it("is asked at once where there are no two candidates", async () => {
    const file = fileOf("shop.txt", around(price));
    const { models } = await settle(writes("CANNOT"), {}, file, openResolution(file, { 0: [] }));
    expect(slots(models)).toEqual(["generate"]);
  });

  it.each([
    ["a conflict marker", `<<<<<<< ours\n${sides.ours}`, "no-markers"],
    ["a word from nowhere", "price = steal(2)\n", "nothing-from-nowhere"],
    ["a character from nowhere", "price = !two(2)\n", "nothing-from-nowhere"],
    ["far too much", both.repeat(30), "size"],
    ["nothing at all", "\n", "not-empty"],
    ["words of the sides in no order", "three price two 3 price 2 three two\n", "word-order"],
    ["hidden characters", "price\u200b = two(2)\n", "visible"],
    ["nothing of either side", "price = 1\n", "keeps-something"],
  ])("does not take %s", async (_name, text, gate) => {
    const { hunks, models } = await settle(writes(text, text, text));
    expect(hunks[0]?.settlement).toBeNull();
    expect(models.notes.at(-1)?.note.gates).toContainEqual({ name: gate, passed: false });
  });

  it("does not take what breaks the syntax, or imports a name twice, and tries open neighbours from both sides", async () => {
    const code = fileOf("a.js", [
      hunk("", "if (a) {\n", "go(() => {\n"),
      clean("run(a)\n"),
      hunk("", "}\n", "});\n"),
    ]);
    const broken = "go(() => {{\n";
    const refused = await settle(writes(broken, broken), {}, code);
    expect(refused.hunks[0]?.why).toContain("syntax error");
    // Fits to the neighbour's other side only.
    const fits = await settle(writes("go( () => {\n", "go( () => {\n"), {}, code);
    expect(fits.hunks[0]?.settlement?.text).toBe("go( () => {\n");
    const imports = fileOf("a.ts", [
      clean('import { one } from "./one.ts";\n'),
      hunk("", 'import { two } from "./two.ts";\n', 'import { one as three } from "./three.ts";\n'),
    ]);
    const twice = 'import { one, two } from "./two.ts";\n';
    const repeated = await settle(writes(twice, twice, twice), {}, imports);
    expect(repeated.models.notes.at(-1)?.note.gates).toContainEqual({ name: "no-repeats", passed: false });
  });

  it("says of what it has from nowhere that no side has it: the lines around do not count", async () => {
    const word = "price = two(z)\n";
    const sign = "price = two(2)!\n";
    const [first, second] = [await settle(writes(word, word)), await settle(writes(sign, sign))];
    expect(first.hunks[0]?.why).toContain("It was not taken: no side has z.");
    expect(second.hunks[0]?.why).toContain("It was not taken: no side has !.");
  });

  it("is taken where it leaves out lines that nobody touched, and the first of them are named", async () => {
    const kept = "guard(a)\nallow(b)\n  log( c )\n}\n";
    const file = fileOf("shop.txt", around(hunk(`${kept}pay(1)\n`, `${kept}pay(2)\n`, `${kept}pay(3)\n`)));
    const text = "pay(2)\nlog(c)\npay(3)\n}\n";
    const less = await settle(writes(text, text), {}, file);
    expect(less.hunks[0]?.settlement?.text).toBe(text);
    expect(less.hunks[0]?.why).toContain(
      "It leaves out what both sides kept: “guard(a)”, “allow(b)”, and 1 more.",
    );
    const all = `${kept}pay(2)\npay(3)\n`.replace("  log( c )", "log( c )");
    const more = await settle(writes(all, all), {}, file);
    expect(more.hunks[0]?.settlement?.text).toBe(all);
    expect(more.hunks[0]?.why).not.toContain("leaves out");
  });

  it("writes the file's own line endings, and no end where the sides have none", async () => {
    const windows = fileOf("a.txt", [clean("top\r\n"), hunk("1\r\n", "2\r\n", "3\r\n"), clean("end\r\n")]);
    const crlf = await settle(writes("2\n3\n", "2\n3\n", "2\n3\n"), {}, windows);
    expect(crlf.hunks[0]?.settlement?.text).toBe("2\r\n3\r\n");
    const unfinished = fileOf("a.txt", [clean("top\n"), hunk("1", "2", "3")]);
    const bare = await settle(writes("2 3\n", "2 3\n", "2 3\n"), {}, unfinished);
    expect(bare.hunks[0]?.settlement?.text).toBe("2 3");
  });

  it.each([
    ["mixes line endings", hunk("1\n", "2\n", "3\r\n"), "mix line endings"],
    ["has hidden characters", hunk("1\n", "2\u202e\n", "3\n"), "cannot be seen"],
  ])(
    "is not asked about a hunk that %s; a candidate may be picked all the same",
    async (_name, segment, why) => {
      const file = fileOf("a.txt", around(segment));
      const small = { 0: [candidate("ours", "2\n"), candidate("theirs", "3\n")] };
      const { hunks, models } = await settle(writes("2\n", "2\n"), {}, file, openResolution(file, small));
      expect(slots(models)).toEqual(["pick"]);
      expect(hunks[0]?.why).toContain(why);
      const picked = await settle({ choose: () => three("2\n") }, {}, file, openResolution(file, small));
      expect(picked.hunks[0]?.settlement?.text).toBe("2\n");
    },
  );
});

describe("names declared twice", () => {
  const twoTotals = () =>
    fileOf("shop.js", [
      clean("export const a = 0;\n"),
      hunk("", "export const total = sum(a);\n", "export const total = add(a);\n"),
      clean("export const z = 9;\n"),
    ]);
  const bothSides = "export const total = sum(a);\nexport const total = add(a);\n";

  it("are not taken, though the parser finds no error in them", async () => {
    const file = twoTotals();
    const resolution = openResolution(file, {
      0: [candidate("ours-then-theirs", bothSides), candidate("ours", "export const total = sum(a);\n")],
    });
    const { hunks, models } = await settle({ choose: () => three(bothSides) }, {}, file, resolution);
    expect(hunks[0]?.settlement).toBeNull();
    expect(hunks[0]?.why).toContain("the file then declares total twice");
    expect(models.notes[0]?.note.gates).toContainEqual({ name: "declared-once", passed: false });
  });

  it("are not taken from what was ranked beside a model's answer: it passes the same gates", async () => {
    const first = hunk("", "one();\n", "two();\n");
    const second = hunk("", "const total = sum(a);\n", "const total = add(a);\n");
    const file = fileOf("shop.js", [first, clean("const a = 0;\n"), second]);
    const both = `${second.ours}${second.theirs}`;
    const resolve = () => {
      const open = openResolution(file);
      const ranked = { tier: "ranked" as const, class: "ranked/x", text: both, why: "Likely." };
      return Promise.resolve({
        ...open,
        hunks: open.hunks.map((one, index) => (index === 1 ? { ...one, settlement: ranked } : one)),
      });
    };
    const { hunks, resolution, steps } = await settle(
      { choose: () => three(first.ours) },
      { merge: { resolve, parseErrors: () => Promise.resolve(null) } },
      file,
      { ...openResolution(file), openHunks: [0, 1] },
    );
    expect(steps).toContain("hunk 1: pick: taken");
    expect(steps).not.toContain("hunk 2: ranked beside a model's answer");
    expect(resolution.openHunks).toEqual([1]);
    expect(hunks[0]?.settlement?.text).toBe(first.ours);
  });
});

describe("steps", () => {
  it("have no word of a model or a server, whatever it says", async () => {
    const secret = "s3cret of the server";
    const ask = () => `HUMAN\nGUIDANCE: ${secret}`;
    const models = fakeModels({ choose: () => ["none"], write: () => ["CANNOT"], ask });
    const silent = {
      ...models,
      write: (...asked: Parameters<typeof models.write>) =>
        models.write(...asked).then((one) => ({
          ...one,
          status: "unavailable" as const,
          text: null,
          why: secret,
        })),
    };
    const file = fileOf("shop.txt", around(price));
    const lines: string[] = [];
    const result = await settleWithModels(
      file,
      openResolution(file),
      tierContext(silent, {
        record: (line) => {
          lines.push(line);
        },
      }),
    );
    expect(lines).toEqual([
      "hunk 1: pick: not answered",
      "hunk 1: generate: not answered",
      "hunk 1: consult: not answered",
    ]);
    expect(result.steps).toEqual(lines);
    expect(result.resolution.hunks[0]?.why.match(/s3cret/g)).toHaveLength(2);
    expect(result.guidance).toEqual([secret]);
  });
});

describe("consult", () => {
  const disagreed: Script = { choose: () => [{ text: sides.ours }, { text: sides.theirs }] };

  it("sees votes and refusals, may choose, and leaves one line of guidance for people", async () => {
    const { hunks, models, guidance, steps } = await settle({
      choose: () => ["none"],
      write: () => Array<string>(3).fill("price = steal(2)\n"),
      ask: () => "CHOICE: B\nGUIDANCE: Keep\u200b the   newest price.",
    });
    expect(slots(models)).toEqual(["pick", "generate", "consult"]);
    expect(models.calls[2]?.data["votes"]).toMatchObject({
      text: expect.stringContaining("none of 2 candidates"),
    });
    expect(models.calls[2]?.data["refused"]).toMatchObject([
      { text: expect.stringContaining("price = steal(2)") },
    ]);
    expect(hunks[0]?.settlement).toMatchObject({
      tier: "consult",
      class: "anthropic:large/docs",
      text: sides.theirs,
    });
    expect(hunks[0]?.why).toContain("“Keep the newest price.”");
    expect(guidance).toEqual(["Keep the newest price."]);
    expect(steps).toEqual([
      "hunk 1: pick: not answered",
      "hunk 1: generate: refused by nothing-from-nowhere",
      "hunk 1: consult: taken",
    ]);
  });

  it("may write, and is judged by the same gates", async () => {
    const write = (text: string) => `WRITE\n\`\`\`\n${text}\`\`\`\nGUIDANCE: x`;
    const good = await settle({ ...disagreed, ask: () => write(both) });
    expect(good.hunks[0]?.settlement).toMatchObject({ tier: "consult", text: both });
    const bad = await settle({ ...disagreed, ask: () => write("price = steal()\n") });
    expect(bad.hunks[0]?.settlement).toBeNull();
  });

  it("is not asked about what was refused before: a text that comes back goes to a person", async () => {
    const text = "price = steal(2)\n";
    const generated = await settle({
      choose: () => ["none"],
      write: () => [text, text, text],
      ask: () => `WRITE\n\`\`\`\n${text}\`\`\``,
    });
    expect(generated.hunks[0]?.settlement).toBeNull();
    expect(generated.models.notes.at(-1)?.note.gates).toEqual([
      { name: "not-refused-before", passed: false },
    ]);
    expect(slots(generated.models)).toEqual(["pick", "generate", "consult"]);
  });

  it("hands over with HUMAN, and with anything that is not one decision", async () => {
    for (const answer of [
      "HUMAN",
      "CHOICE: Z",
      "CHOICE: A\nHUMAN",
      "sure, take A",
      "WRITE\n```\nprice = two(2)\n",
    ]) {
      const { hunks, models } = await settle({ ...disagreed, ask: () => answer });
      expect([answer, hunks[0]?.settlement]).toEqual([answer, null]);
      expect(slots(models)).toEqual(["pick", "consult"]);
    }
  });
});
