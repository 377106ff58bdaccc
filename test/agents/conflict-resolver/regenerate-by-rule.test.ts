// Files with a rule in the config: written anew by the repository's command in the real sandbox, and believed only if it makes them of the sources.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { regenerateByRule } from "../../../src/agents/conflict-resolver/regenerate/regenerate-by-rule.ts";
import type { RegenerateRule } from "../../../src/core/policy.ts";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import { mergeRules } from "../../../src/merge/thread/merge-rules.ts";
import { describeSandboxed } from "../../support/sandbox.ts";
import { createFixture, sides } from "../../workspace/fixture.ts";
import type { Fixture } from "../../workspace/fixture.ts";
import { makeDirectory, readySandbox, settingsFor } from "../../workspace/sandbox/driver-support.ts";
import type { Files } from "./regenerate-merge.ts";

const files = (words: string, generated: string): Files => ({
  "words.txt": words,
  "generated.json": generated,
  "index.txt": "0\n",
});
const base = files("one\n", '["one"]\n');
const ours = files("one\ntwo\n", '["one","two"]\n');
const theirs = files("one\nthree\n", '["one","three"]\n');
const settled = { "words.txt": "one\ntwo\nthree\n" };

/** Writes the words as JSON, and how many there are. */
const command =
  `{ printf '['; sed 's/.*/"&"/' words.txt | paste -sd, - | tr -d '\\n'; printf ']\\n'; } > new && mv new generated.json` +
  " && wc -l < words.txt > index.txt";
const rule: RegenerateRule = { sources: ["words.txt"], command, owns: ["generated.json", "index.txt"] };

describeSandboxed("a rule for generated files", () => {
  let fixture: Fixture;
  let sandbox: Sandbox;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const { directory, remove } = await makeDirectory();
    closing.push(remove);
    sandbox = await readySandbox(settingsFor(directory));
    fixture = await createFixture();
    closing.push(() => fixture.close());
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  let merges = 0;
  async function apply(changed: Partial<RegenerateRule> = {}, results: Files = settled) {
    const name = `rule-${++merges}`;
    const shas = fixture.repository(name, sides(base, ours, theirs));
    const workspace = await fixture.open(name, shas["ours"] ?? "", shas["theirs"] ?? "");
    const result = await regenerateByRule(
      "generated.json",
      { ...rule, ...changed },
      {
        sandbox,
        workspace,
        merge: mergeRules,
        results: new Map(
          Object.entries(results).map(([path, text]) => [path, { mode: "100644", bytes: Buffer.from(text) }]),
        ),
        signal: new AbortController().signal,
        record: () => undefined,
        installed: () => Promise.resolve({ cache: null, environment: {} }),
      },
    );
    const texts =
      result.kind === "written"
        ? Object.fromEntries([...result.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))
        : {};
    return { result, texts };
  }

  it("is run on the merged sources, and what it changed of its files comes back", async () => {
    const { result, texts } = await apply();
    expect(result).toMatchObject({ kind: "written", class: "rule/regenerated" });
    expect(texts).toEqual({ "generated.json": '["one","two","three"]\n', "index.txt": "3\n" });
  });

  it("brings nothing back that it does not own", async () => {
    const { texts } = await apply({ owns: ["generated.json"] });
    expect(Object.keys(texts)).toEqual(["generated.json"]);
  });

  it.each<[string, Partial<RegenerateRule>, RegExp]>([
    [
      "leaves the file as it was",
      { command: "true" },
      /leaves generated\.json different each time, or as it was/,
    ],
    ["writes the time", { command: "date +1%N > generated.json" }, /different each time/],
    ["fails", { command: "echo no schema; exit 3" }, /ended with exit code 3: no schema$/],
    ["removes the file", { command: "rm generated.json" }, /did not come back: it is not there/],
    [
      "leaves a link",
      { command: "rm generated.json; ln -s /etc/passwd generated.json" },
      /generated\.json did not come back/,
    ],
    ["writes what does not parse", { command: "echo '[' > generated.json" }, /is refused: .*syntax error/],
    [
      "writes a marker",
      { command: "printf '[\\n<<<<<<< a\\n]' > generated.json" },
      /is refused: it has a conflict marker/,
    ],
  ])("is not believed where its command %s", async (_, changed, why) => {
    const { result } = await apply(changed);
    expect(result).toEqual({ kind: "failed", why: expect.stringMatching(why) });
  });

  it("waits for its sources", async () => {
    const { result } = await apply({}, {});
    expect(result).toEqual({
      kind: "failed",
      why: "The rule for generated.json can run once its sources are settled: words.txt.",
    });
  });
});
