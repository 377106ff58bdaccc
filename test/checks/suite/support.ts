// A sandbox that answers what a test says and keeps what it was asked, and suites of trees from maps of files.
import type { Commands } from "../../../src/core/checks.ts";
import type { Sandbox, SandboxRequest, SandboxResult } from "../../../src/core/sandbox.ts";
import type { Suite, SuiteRequest, SuiteRun } from "../../../src/core/suite.ts";
import { openSuite } from "../../../src/checks/suite/open-suite.ts";
import { workspaceOf } from "../support.ts";
import type { Files } from "../support.ts";

/** Reports and files that come back as text, an exit status, and what was written. */
export interface Answer {
  readonly code?: number;
  readonly ended?: SandboxResult["ended"];
  readonly reports?: Readonly<Record<string, string>>;
  readonly returned?: Readonly<Record<string, string>>;
  readonly stdout?: string;
  readonly stderr?: string;
}

export function fakeSandbox(answer: (request: SandboxRequest) => Answer): {
  readonly sandbox: Sandbox;
  readonly requests: SandboxRequest[];
} {
  const requests: SandboxRequest[] = [];
  const bytes = (texts: Answer["reports"]) =>
    new Map(Object.entries(texts ?? {}).map(([name, text]) => [name, Buffer.from(text)]));
  const run = (request: SandboxRequest): Promise<SandboxResult> => {
    requests.push(request);
    const { code = 0, ended = { kind: "exit", code }, reports, returned, stdout, stderr } = answer(request);
    return Promise.resolve({
      ended,
      stdout: { text: stdout ?? "", cutBytes: 0 },
      stderr: { text: stderr ?? "", cutBytes: 0 },
      reports: bytes(reports),
      returned: bytes(returned),
      missing: [],
      usage: { wallMs: 1, cpuMs: null, peakMemoryBytes: null },
    });
  };
  const dependencies = { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) };
  return { sandbox: { driver: "none", run, dependencies }, requests };
}

export async function open(
  sandbox: Sandbox,
  trees: Readonly<Record<string, Files>>,
  commands: Commands = {},
): Promise<Suite> {
  return await openSuite({
    sandbox: { kind: "ready", sandbox },
    trees: workspaceOf(trees),
    detectOn: "base",
    commands,
    repository: "owner/name",
    signal: new AbortController().signal,
    record: () => undefined,
  });
}

export function asked(tests: SuiteRequest["tests"], changes: Partial<SuiteRequest> = {}): SuiteRequest {
  return { tree: "base", tests, seed: null, measure: [], ...changes };
}

/** "status id" of each test. */
export function outline({ tests }: SuiteRun): readonly string[] {
  return tests.map(({ id, status }) => `${status} ${id}`);
}
