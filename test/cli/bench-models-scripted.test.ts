import { describe, expect, it } from "@jest/globals";
import type { ModelCase } from "../../src/cli/bench/models-cases.ts";
import { injectionIn, injections } from "../../src/cli/bench/models-injections.ts";
import { plant } from "../../src/cli/bench/models-plant.ts";
import type { ScriptedQuestion } from "../../src/cli/bench/models-prompt.ts";
import { scriptedModels } from "../../src/cli/bench/scripted-models.ts";
import { definePrompt, renderPrompt } from "../../src/core/prompt.ts";
import type { PromptData } from "../../src/core/prompt.ts";

const [before, after] = ["open();\n", "close();\n"];
const base = "pay(one);\n";
const ours = "pay(one, two);\n";
const theirs = "pay(one).log();\n";
const right = "pay(one, two).log();\n";

const current: ModelCase = {
  id: "invented",
  category: "code",
  file: {
    path: "src/pay.ts",
    base: before + base + after,
    ours: before + ours + after,
    theirs: before + theirs + after,
    segments: [
      { kind: "clean", text: before },
      { kind: "hunk", base, ours, theirs },
      { kind: "clean", text: after },
    ],
  },
  hunks: [{ language: "typescript", before, after, resolution: right }],
};

const subjects = { ours: "One", theirs: "Two" };
const schema = { type: "object", properties: { choice: { type: "string" } } };

interface Asked {
  readonly slot: "pick" | "generate" | "consult";
  readonly options?: readonly string[];
  readonly extra?: string;
  readonly seed?: number;
  readonly sides?: readonly [string, string, string];
}

const systems = { pick: "Choose.", generate: "Write.", consult: "Decide:\nCHOICE: B\nWRITE\nHUMAN" };

function ask({
  slot,
  options = [],
  extra = "",
  seed = 0,
  sides = [base, ours, theirs],
}: Asked): ScriptedQuestion {
  const shown = (text: string) => ({ text, maxBytes: 9_999, maxLines: 999 });
  const [one, two, three] = sides;
  const data: PromptData = {
    extra: shown(extra),
    base: shown(one),
    ours: shown(two),
    theirs: shown(three),
    options: options.map((text, index) => ({ label: "ABCDEF".charAt(index), ...shown(text) })),
  };
  const user = "{{extra}}{{base}}{{ours}}{{theirs}}{{options}}";
  const { prompt } = renderPrompt(definePrompt("test", { system: systems[slot], user }), data);
  return { system: prompt.system, user: prompt.user, schema: slot === "pick" ? schema : null, seed };
}

describe("scripted:oracle", () => {
  const answer = (asked: Asked, one: ModelCase | null = current) => scriptedModels.oracle(ask(asked), one);

  it("chooses the developers' resolution, layout aside, under whatever label", () => {
    const loose = right.replace(" two", "   two");
    expect(answer({ slot: "pick", options: [ours, loose, theirs] })).toBe('{"choice":"B"}');
    expect(answer({ slot: "pick", options: [loose, ours] })).toBe('{"choice":"A"}');
    expect(answer({ slot: "pick", options: [ours, theirs] })).toBe('{"choice":"NONE"}');
    expect(answer({ slot: "consult", options: [ours, right] })).toMatch(/^CHOICE: B\nGUIDANCE: /);
  });

  it("writes it, in a fence that it cannot close", () => {
    expect(answer({ slot: "generate" })).toBe(`\`\`\`\n${right}\`\`\``);
    expect(answer({ slot: "consult", options: [ours] })).toMatch(/^WRITE\n```\npay\(one, two\)/);
    const ticks = { ...current, hunks: current.hunks.map((hunk) => ({ ...hunk, resolution: "````\nx\n" })) };
    expect(answer({ slot: "generate" }, ticks)).toBe("`````\n````\nx\n`````");
  });

  it.each(["", null])("says that it cannot tell where the resolution is %j", (resolution) => {
    const one = { ...current, hunks: current.hunks.map((hunk) => ({ ...hunk, resolution })) };
    expect(answer({ slot: "generate" }, one)).toBe("CANNOT");
    expect(answer({ slot: "consult" }, one)).toMatch(/^HUMAN/);
  });

  it("finds the hunk of a file that it is asked about", () => {
    const other = { kind: "hunk", base: "a\n", ours: "b\n", theirs: "c\n" } as const;
    const file = { ...current.file, segments: [other, ...current.file.segments] };
    const first = { language: "typescript", before: "", after: "", resolution: "bc\n" };
    const one = { ...current, file, hunks: [first, ...current.hunks] };
    expect(answer({ slot: "generate", sides: ["a\n", "b\n", "c\n"] }, one)).toBe("```\nbc\n```");
    expect(answer({ slot: "generate" }, one)).toContain(right);
  });

  it("answers questions about something else by what both sides did: it passes the screening", () => {
    const sides = ["{ a }\n", "{ a, b }\n", "{ a, c }\n"] as const;
    const options = ["{ a, b }\n", "{ a, b }\n{ a, c }\n", "{ a, b, c }\n", "{ a, c }\n"];
    expect(answer({ slot: "pick", sides, options })).toBe('{"choice":"C"}');
    expect(answer({ slot: "pick", sides, options }, null)).toBe('{"choice":"C"}');
  });
});

describe("scripted:garbage", () => {
  const cases = Array.from({ length: 60 }, (_, index) => ({ ...current, id: `case ${index}` }));
  const options = [ours, theirs, base];

  it("says the same again, and many things in all: labels, words, blocks closed and open, wrong shapes, nothing", () => {
    const answers = cases.flatMap((one) =>
      (["pick", "generate"] as const).map((slot) =>
        scriptedModels.garbage(ask({ slot, options: slot === "pick" ? options : [] }), one),
      ),
    );
    const again = cases.flatMap((one) =>
      (["pick", "generate"] as const).map((slot) =>
        scriptedModels.garbage(ask({ slot, options: slot === "pick" ? options : [] }), one),
      ),
    );
    expect(answers).toEqual(again);
    const kinds = {
      label: /^\{"choice":"[A-C]"\}$/,
      none: /NONE/,
      "empty block": /^```\n```$/,
      block: /^```\n[^`]+```$/,
      "unclosed block": /^```\n[^`]+$/,
      nothing: /^$/,
      "wrong shape": /result/,
    };
    const found = Object.entries(kinds).filter(([, kind]) => answers.some((text) => kind.test(text)));
    expect(found.map(([name]) => name)).toEqual(Object.keys(kinds));
  });

  it("writes the same in every sample for some cases, and never the same for others", () => {
    const distinct = cases.map((one) => {
      const samples = [0, 1, 2].map((seed) => scriptedModels.garbage(ask({ slot: "generate", seed }), one));
      return new Set(samples).size;
    });
    expect(new Set(distinct)).toEqual(new Set([1, 2, 3].filter((size) => distinct.includes(size))));
    expect(distinct).toEqual(expect.arrayContaining([1, 3]));
  });
});

describe("scripted:obedient", () => {
  it("knows at least 20 injections, none the beginning of another", () => {
    expect(injections.length).toBeGreaterThanOrEqual(20);
    for (const injection of injections) {
      expect(injection.text).not.toContain("\n");
      expect(injectionIn(`x ${injection.text}`)).toBe(injection);
    }
  });

  it("is right where nothing tells it otherwise", () => {
    expect(scriptedModels.obedient(ask({ slot: "generate" }), current)).toContain(right);
  });

  it.each(injections)("does as it is told: $name", ({ text }) => {
    const told = (["pick", "generate", "consult"] as const).map((slot) => {
      const asked: Asked = { slot, extra: text, options: [ours, theirs, right] };
      return scriptedModels.obedient(ask(asked), current) !== scriptedModels.oracle(ask(asked), current);
    });
    expect(told).toContain(true);
  });
});

describe("plant", () => {
  it.each(injections)("leaves the conflict as it was: $name", (injection) => {
    const { file, subjects: shown, lines } = plant(current.file, injection, subjects);
    expect(file.segments.filter(({ kind }) => kind === "hunk")).toEqual([
      { kind: "hunk", base, ours, theirs },
    ]);
    const all = [
      ...file.segments.map((part) => (part.kind === "clean" ? part.text : part.ours)),
      shown.theirs,
    ];
    expect(all.join("")).toContain(injection.text);
    const side = file.segments.map((part) => (part.kind === "clean" ? part.text : part.theirs)).join("");
    expect(file.theirs).toBe(side);
    expect(lines.reduce((text, line) => text.replace(line, ""), file.ours)).toBe(current.file.ours);
    expect(lines).toHaveLength(injection.where === "context" ? 1 : 0);
  });

  it("goes into the subject where the file has no comments, or its place is not to be told", () => {
    const [injection] = injections.filter(({ where }) => where === "context");
    if (injection === undefined) throw new Error("There is none.");
    const json = { ...current.file, path: "a.json" };
    const twice = { ...current.file, ours: current.file.ours + current.file.ours };
    for (const file of [json, twice]) {
      expect(plant(file, injection, subjects)).toEqual({
        file,
        lines: [],
        subjects: { ours: "One", theirs: injection.text },
      });
    }
  });
});
