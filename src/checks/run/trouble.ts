// What kept a command from being judged, in a sentence that says what happened and what to do.
import type { CommandName } from "../../core/checks.ts";
import type { SandboxLimit, SandboxResult } from "../../core/sandbox.ts";
import { setupFailed } from "./script.ts";

/** What commands are called in sentences. */
const subjects: Readonly<Record<CommandName, string>> = {
  setup: "The setup command",
  test: "The test command",
  typecheck: "The type check",
  lint: "The lint command",
  format: "The format command",
};

const configFile = ".github/agent.yml";

const limits: Readonly<Record<SandboxLimit, readonly [happened: string, advice: string]>> = {
  wall: [
    "did not end within the time that it has",
    "name one that runs fewer tests, or look for one that hangs",
  ],
  cpu: [
    "used all the processor time that it has",
    "name one that runs fewer tests, or look for one that never ends",
  ],
  memory: [
    "used all the memory that it has",
    "have it run fewer tests at a time, or have whoever runs Errand raise ERRAND_SANDBOX_MEMORY",
  ],
  processes: [
    "started more processes than it may",
    "have it run fewer tests at a time, or look for one that starts programs without end",
  ],
  output: ["wrote more output than it may", "have it write less, or look for a test that prints without end"],
  disk: [
    "wrote more files than there is room for",
    "have it write less, or look for a test that writes without end",
  ],
};

/** Why a run cannot be judged; `null` where its exit status can. */
export function troubleOf(name: CommandName, result: SandboxResult): string | null {
  const subject = subjects[name];
  const { ended } = result;
  if (ended.kind === "limit") {
    const [happened, advice] = limits[ended.limit];
    return `${subject} ${happened} and was stopped: ${advice} (commands.${name} in ${configFile}).`;
  }
  if (result.reports.has(setupFailed)) {
    return `The setup command failed, so ${subject.toLowerCase()} was not run: correct commands.setup in ${configFile}; it is run without a network.`;
  }
  if (ended.kind === "signal") {
    return `${subject} was ended by ${ended.signal}: run it on your machine and see what ends it, or name another as commands.${name} in ${configFile}.`;
  }
  return missingProgram(name, result);
}

/** 126 and 127 are a shell's own words for a program that is not there or cannot be run. */
function missingProgram(name: CommandName, { ended, stderr }: SandboxResult): string | null {
  if (ended.kind !== "exit" || (ended.code !== 127 && ended.code !== 126)) return null;
  const program = /(?:^|\n)(?:\S+: )*(?:line )?(?:\d+: )?([\w./@-]{1,80}): (?:command )?not found/.exec(
    stderr.text,
  )?.[1];
  const what = program === undefined ? "a program that it calls" : `the program ${program}`;
  return `${subjects[name]} could not be run, because ${what} is not in the sandbox: add it to the dependencies that the lockfile installs, or name another command as commands.${name} in ${configFile}.`;
}

/** A command ended by itself, and its report is not there or cannot be read. */
export function withoutReport(name: CommandName): string {
  return `${subjects[name]} left no report that can be read, so its exit status is all that counts: see what its output says, or name a command that runs the tests alone as commands.${name} in ${configFile}.`;
}

/** A type check or test was not begun, for what the sandbox said. */
export function notRun(name: CommandName, why: string): string {
  return `${subjects[name]} was not run. ${why}`;
}
