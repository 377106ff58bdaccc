// How a command in the sandbox ended, in words, where it did not end well.
import type { SandboxEnd, SandboxLimit, SandboxResult } from "../../../core/sandbox.ts";
import { lastWords } from "./context.ts";

const limits: Readonly<Record<SandboxLimit, string>> = {
  wall: "took too long",
  cpu: "used too much processor time",
  memory: "used too much memory",
  processes: "started too many processes",
  output: "wrote too much output",
  disk: "wrote too many files",
};

/** What is the matter with how it ended, behind the command's name; `null` where it ended well. Hostile text is in it. */
export function trouble({ ended, stdout, stderr, troubles = [] }: SandboxResult): string | null {
  if (ended.kind === "exit" && ended.code === 0) return null;
  // A tool that is refused a host says many things, and all of them come from that.
  if (troubles.length > 0) return `${howItEnded(ended)}. ${troubles.join(" ")}`;
  const words = lastWords(`${stdout.text}\n${stderr.text}`);
  return `${howItEnded(ended)}${words === "" ? "." : `: ${words}`}`;
}

function howItEnded(ended: SandboxEnd): string {
  switch (ended.kind) {
    case "exit":
      return ended.code === 127
        ? "is not on this machine, or a part of it"
        : `ended with exit code ${ended.code}`;
    case "signal":
      return `was ended by ${ended.signal}`;
    case "limit":
      return limits[ended.limit];
  }
}
