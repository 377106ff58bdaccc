// A model for tests and the demo: it knows the right answer to a question about code, by what the question shows, and gets it wrong at first if it is told to.
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { dataOf } from "../../src/scripted/prompt-data.ts";
import type { Answerer } from "../../src/scripted/script.ts";

export interface Known {
  /** Part of the code that a question is about. */
  readonly of: string;
  /** The whole function, or the whole file, as it should be; `GIVE_UP: …` is answered as it is. */
  readonly code: string;
}

/** The first answers to a question about known code are `wrong`, in order; then it is right. Of what it does not know it gives up. */
export function fixingModel(known: readonly Known[], wrong: readonly string[] = []): Answerer {
  const asked = new Map<string, number>();
  return (request) => {
    const data = dataOf(request.user);
    const code = data.get("code");
    if (code === undefined) return keepBoth(request);
    const answer = known.find(({ of }) => code.includes(of));
    if (answer === undefined) return { kind: "text", text: "GIVE_UP: this is not where the fault is" };
    const time = asked.get(answer.of) ?? 0;
    asked.set(answer.of, time + 1);
    return { kind: "text", text: fenced(wrong[time] ?? answer.code) };
  };
}

function fenced(code: string): string {
  if (code.startsWith("GIVE_UP:")) return code;
  return `The sum leaves something out.\n\n\`\`\`\n${code.endsWith("\n") ? code : `${code}\n`}\`\`\`\n`;
}
