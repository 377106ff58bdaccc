// A model that knows the developers' fix: it gives it where the fix is asked for, not always at once, and gives up everywhere else.
import type { Vote } from "../../core/models.ts";
import { functionsIn, topLevelRegions } from "../../syntax/functions.ts";
import type { FunctionSpan } from "../../syntax/functions.ts";
import type { TestCase } from "./tests-cases.ts";
import type { MaterialCase } from "./tests-materialise.ts";
import { numberFrom } from "./tests-random.ts";
import { inBlock, inFence } from "./tests-scripted.ts";
import type { ScriptedTask, TestScript } from "./tests-scripted.ts";

interface KnownFile {
  readonly path: string;
  readonly head: string;
  readonly fixed: string;
}

const giveUp = "GIVE_UP: The fault is not here.\n";

export function oracle(one: TestCase, material: MaterialCase): TestScript {
  let files: Promise<readonly KnownFile[]> | null = null;
  const known = () => (files ??= knownFiles(one, material));
  const asked = new Map<string, number>();
  return {
    write: async (task) => {
      const right = await rightAnswer(task, one, await known());
      if (right === null) return giveUp;
      const code = task.data.get("code") ?? "";
      const times = asked.get(code) ?? 0;
      asked.set(code, times + 1);
      // The large model is right at once: it is asked twice at most.
      const wrongBefore = task.question === "consult" ? 0 : numberFrom(`${one.id} ${code}`, 3);
      return times < wrongBefore ? notYet(code, `${one.id} ${times}`) : right;
    },
    choose: async (_, options) => await choose(options, await known()),
  };
}

/** What a model says that has not understood yet. */
function notYet(code: string, seed: string): string {
  const answers = [
    "The condition looks wrong, and I would look at it again.\n",
    `Nothing has to change.\n\n${inFence(code)}`,
    `The loop is off by one.\n\n\`\`\`\n${code.slice(0, Math.floor(code.length / 2))}`,
    "GIVE_UP: I cannot tell.\n",
  ];
  return answers[numberFrom(seed, answers.length)] ?? giveUp;
}

async function knownFiles(one: TestCase, material: MaterialCase): Promise<readonly KnownFile[]> {
  const { trees, head, reference } = material;
  if (reference === null) return [];
  const textAt = async (tree: string, path: string) => {
    const blob = await trees.readTree(tree, path);
    return blob === null ? "" : Buffer.from(blob.bytes).toString("utf8").replaceAll("\r\n", "\n");
  };
  return await Promise.all(
    one.fix_files.map(async (path) => ({
      path,
      head: await textAt(head, path),
      fixed: await textAt(reference, path),
    })),
  );
}

/** `null` where the fix does not touch what is asked. */
async function rightAnswer(
  task: ScriptedTask,
  one: TestCase,
  files: readonly KnownFile[],
): Promise<string | null> {
  const code = task.data.get("code") ?? "";
  switch (task.question) {
    case "consult":
      return files.length === 0 ? null : blocksOf(one.fix_patch);
    case "write-file": {
      const file = files.find(({ head }) => head.trim() === code.trim());
      return file === undefined ? null : inFence(file.fixed);
    }
    case "write-function": {
      const place = task.data.get("place") ?? "";
      const file = files.find(({ path }) => place.startsWith(path));
      const fixed = file === undefined ? null : await fixedPart(file, code);
      return fixed === null ? null : `The fix of the developers.\n\n${inFence(fixed)}`;
    }
    default:
      return null;
  }
}

type PartsOf = (path: string, text: string) => Promise<readonly FunctionSpan[]>;

/** A function, or a statement with a name that is none: a table, a class. */
async function fixedPart(file: KnownFile, code: string): Promise<string | null> {
  const named: PartsOf = async (path, text) =>
    (await topLevelRegions(path, text)).filter(({ name }) => !name.startsWith("lines "));
  for (const partsOf of [functionsIn, named]) {
    const fixed = await fixedAmong(file, code, partsOf);
    if (fixed !== null) return fixed;
  }
  return null;
}

async function fixedAmong(file: KnownFile, code: string, partsOf: PartsOf): Promise<string | null> {
  const before = await partsOf(file.path, file.head);
  const place = before.findIndex(({ text }) => text.trim() === code.trim());
  const found = before[place];
  if (found === undefined) return null;
  const isNamesake = ({ name }: FunctionSpan) => name === found.name;
  const turn = before.slice(0, place).filter(isNamesake).length;
  const fixed = (await partsOf(file.path, file.fixed)).filter(isNamesake)[turn];
  return fixed === undefined || fixed.text === found.text ? null : fixed.text;
}

/** The patch's hunks as blocks. */
function blocksOf(patch: string): string {
  const blocks: string[] = [];
  let path = "";
  let hunk: { search: string; replace: string } | null = null;
  const close = () => {
    if (hunk !== null) blocks.push(inBlock(path, hunk.search, hunk.replace));
    hunk = null;
  };
  for (const line of patch.replaceAll("\r\n", "\n").split("\n")) {
    const [mark, rest] = [line.charAt(0), `${line.slice(1)}\n`];
    if (line.startsWith("diff --git ")) close();
    else if (line.startsWith("+++ ") && hunk === null) path = line.replace(/^\+\+\+ (?:b\/)?/, "");
    else if (line.startsWith("@@ ")) {
      close();
      hunk = { search: "", replace: "" };
    } else if (hunk !== null && mark === " ") hunk = both(hunk, rest);
    else if (hunk !== null && mark === "-") hunk.search += rest;
    else if (hunk !== null && mark === "+") hunk.replace += rest;
  }
  close();
  return `The fix of the developers.\n\n${blocks.join("\n")}`;
}

const both = (hunk: { readonly search: string; readonly replace: string }, line: string) => ({
  search: hunk.search + line,
  replace: hunk.replace + line,
});

async function choose(options: readonly string[], files: readonly KnownFile[]): Promise<Vote> {
  for (const { path, head, fixed } of files) {
    const after = new Set((await functionsIn(path, fixed)).map(({ text }) => text));
    const changed = (await functionsIn(path, head)).filter(({ text }) => !after.has(text));
    // Innermost first: what stands around a changed function has changed, too.
    for (const { name, signature } of changed.toSorted((a, b) => a.text.length - b.text.length)) {
      const index = options.findIndex((text) => text.includes(signature) || text.includes(`: ${name} `));
      if (index >= 0) return index;
    }
  }
  return "none";
}
