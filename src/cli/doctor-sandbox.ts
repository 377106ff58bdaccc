// The sandbox's part of `errand doctor`: opened as a worker opens it, then everything is tried to get out of it.
import type { Environment } from "../config/environment.ts";
import { AppError } from "../core/errors.ts";
import type { SandboxState } from "../core/sandbox.ts";
import { describeSandbox } from "../workspace/sandbox/describe.ts";
import { openSandbox } from "../workspace/sandbox/index.ts";
import type { SandboxSetup } from "../workspace/sandbox/index.ts";
import { createDependencyFolders } from "../workspace/sandbox/install/folders.ts";
import { selfTest, selfTestProblem } from "../workspace/sandbox/probe/self-test.ts";
import type { SelfTest } from "../workspace/sandbox/probe/self-test.ts";
import { finding, skipped } from "./doctor-finding.ts";
import type { Finding } from "./doctor-finding.ts";
import { silentLog } from "./log.ts";
import { printable } from "./resolve-text.ts";

export const sandboxCheck = "sandbox";

export interface SandboxCheckParts {
  readonly settings: Environment["sandbox"];
  /** The process's own: a container runtime's program needs some of them. */
  readonly variables: SandboxSetup["variables"];
  /** A line for whoever waits, before it begins. */
  readonly tell: (line: string) => void;
}

/** What a test puts in the place of this machine. */
export interface SandboxTools {
  readonly open: (setup: SandboxSetup) => Promise<SandboxState>;
  readonly test: typeof selfTest;
  readonly describe: typeof describeSandbox;
}

const thisMachine: SandboxTools = { open: openSandbox, test: selfTest, describe: describeSandbox };

/** One finding; where attempts were not contained, one more for each of them. Never rejects. */
export async function checkSandbox(
  parts: SandboxCheckParts,
  tools: SandboxTools = thisMachine,
): Promise<readonly Finding[]> {
  const { settings, variables, tell } = parts;
  if (settings.driver === "off")
    return [skipped(sandboxCheck, "ERRAND_SANDBOX=off says to run no code of a repository")];
  tell("Trying all there is to get out of the sandbox: half a minute (--no-sandbox: none of it).");
  let tried: SelfTest | null = null;
  const state = await tools.open({
    settings,
    variables,
    log: silentLog,
    // Neither is reached for: nothing is installed here.
    dependencies: createDependencyFolders({ directory: settings.directory, log: silentLog }),
    openRoad: () => Promise.reject(nothingInstalled()),
    selfTest: async (sandbox) => {
      tried = await tools.test(sandbox, { extent: "all" });
      return selfTestProblem(tried);
    },
  });
  const words = state.kind === "ready" ? await tools.describe(state.sandbox.driver, settings) : [];
  return findingsOf(state, words, tried).map(printed);
}

function findingsOf(
  state: SandboxState,
  words: readonly string[],
  tried: SelfTest | null,
): readonly Finding[] {
  const all = tried?.attempts ?? [];
  if (state.kind === "unavailable") {
    const escapes = all.filter(({ contained }) => !contained);
    return [
      { check: sandboxCheck, result: "problem", detail: state.why, remedy: state.remedy },
      ...escapes.map(({ name, evidence, remedy }) => ({
        check: sandboxCheck,
        result: "problem" as const,
        detail: `${name}: ${evidence}`,
        remedy,
      })),
    ];
  }
  if (state.sandbox.driver === "none")
    return [{ ...finding(sandboxCheck, words.join(", ")), remedy: takeAway }];
  const contained = `${all.length} of ${all.length} attempts contained`;
  return [finding(sandboxCheck, [...words, contained].join(", "))];
}

const takeAway =
  "Take ERRAND_UNSAFE_NO_SANDBOX away and install bubblewrap, unless this machine is a sandbox itself.";

const nothingInstalled = (): AppError =>
  new AppError("sandbox", "The doctor installs nothing.", { retryable: false, remedy: "Start a worker." });

/** Evidence is what programs and the kernel said: it may not move the cursor. */
const printed = ({ check, result, detail, remedy }: Finding): Finding => ({
  check,
  result,
  detail: printable(detail),
  remedy: remedy === null ? null : printable(remedy),
});
