// A model that talks rubbish about failing tests, in every way that models have been seen to.
import type { TestCase } from "./tests-cases.ts";
import { numberFrom } from "./tests-random.ts";
import { inBlock, inFence } from "./tests-scripted.ts";
import type { ScriptedTask, TestScript } from "./tests-scripted.ts";

type Rubbish = (code: string, task: ScriptedTask, seed: string) => string;

/** Signs that mean nearly the same: code that looks right and is not. */
const twisted: readonly (readonly [RegExp, string])[] = [
  [/ < /, " <= "],
  [/ <= /, " < "],
  [/ > /, " >= "],
  [/ === /, " !== "],
  [/ \+ /, " - "],
  [/ && /, " || "],
  [/\btrue\b/, "false"],
  [/\b1\b/, "2"],
  [/\b0\b/, "1"],
  [/\breturn /, "return !"],
];

function twist(code: string, seed: string): string {
  const fitting = twisted.filter(([sign]) => sign.test(code));
  const chosen = fitting[numberFrom(seed, Math.max(1, fitting.length))];
  return chosen === undefined ? code : code.replace(chosen[0], chosen[1]);
}

const without = (code: string, seed: string): string => {
  const lines = code.split("\n");
  const gone = numberFrom(seed, Math.max(1, lines.length));
  return lines.filter((_, index) => index !== gone).join("\n");
};

const shuffled = (code: string, seed: string): string =>
  code
    .split("\n")
    .map((line, index) => ({ line, key: numberFrom(`${seed} ${index}`, 2 ** 31) }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ line }) => line)
    .join("\n");

const otherFunction = "function totallyOther(value) {\n  return value;\n}\n";
const pathIn = ({ data }: ScriptedTask): string =>
  /^[^\s,]+/.exec(data.get("place") ?? data.get("places") ?? "")?.[0] ?? "index.js";

const kinds: readonly Rubbish[] = [
  (code, _, seed) => `It is the comparison.\n\n${inFence(twist(code, seed))}`,
  (code, _, seed) => `One line too many.\n\n${inFence(without(code, seed))}`,
  (code, _, seed) => inFence(twist(twist(code, seed), `${seed} again`)),
  (code, _, seed) => inFence(shuffled(code, seed)),
  () => "I have looked into this and the function seems fine. Perhaps the test should be run again?\n",
  () => inFence(otherFunction),
  (code) => `\`\`\`js\n${code.slice(0, Math.floor(code.length * 0.6))}`,
  (code) => inFence(`<<<<<<< ours\n${code}=======\n${code}>>>>>>> theirs\n`),
  (code) => inFence(code),
  (_, task) => inFence(task.data.get("test") ?? ""),
  (code) => inFence(`${code}\n${otherFunction}`),
  () => JSON.stringify({ fix: "return true", confidence: 0.99 }),
  () => inFence("// ... rest of the function stays as it is\n"),
  () => "",
  () => "GIVE_UP: no idea\n",
  (_, task) => inBlock(pathIn(task), "a line that stands nowhere\n", "another line\n"),
  (code, task, seed) => inBlock(pathIn(task), code, twist(code, seed)),
  (_, task) => inBlock(pathIn(task), "", "everything new\n"),
];

/** The same rubbish for the same question of the same case. */
export function garbage({ id }: TestCase): TestScript {
  return {
    write: (task) => {
      const code = task.data.get("code") ?? firstPlace(task);
      const seed = JSON.stringify([id, task.turn, task.sample]);
      return Promise.resolve(kinds[numberFrom(seed, kinds.length)]?.(code, task, seed) ?? "");
    },
    choose: ({ turn }, options) => {
      const drawn = numberFrom(`${id} ${turn}`, options.length + 2);
      return Promise.resolve(
        drawn < options.length ? drawn : drawn === options.length ? "none" : "malformed",
      );
    },
  };
}

/** Of the places that the large model is shown, the first one's code. */
const firstPlace = ({ data }: ScriptedTask): string =>
  (data.get("places") ?? "").split("\n").slice(1, 30).join("\n");
