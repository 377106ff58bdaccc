// A yes or no at the terminal.
import { createInterface } from "node:readline/promises";
import type { Confirm } from "./purge.ts";

/** `null` where nobody is at a terminal. Anything but "y" or "yes" is no. */
export function confirmAtTerminal(): Confirm {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return null;
  return async (question) => {
    const lines = createInterface({ input, output });
    const closed = new Promise<string>((resolve) =>
      lines.once("close", () => {
        resolve("");
      }),
    );
    try {
      const answer = await Promise.race([lines.question(`${question}\nGo on? [y/N] `), closed]);
      return /^\s*y(?:es)?\s*$/i.test(answer);
    } finally {
      lines.close();
    }
  };
}
