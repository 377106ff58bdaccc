// What `errand doctor` says of the sandbox: in one line what holds, else what does not and what to install.
import { describe, expect, it } from "@jest/globals";
import { checkSandbox } from "../../src/cli/doctor-sandbox.ts";
import type { SandboxTools } from "../../src/cli/doctor-sandbox.ts";
import { examine } from "../../src/cli/doctor.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import type { Sandbox, SandboxState } from "../../src/core/sandbox.ts";
import { boundsWords, describeSandbox } from "../../src/workspace/sandbox/describe.ts";

const noDependencies = { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) };

const sandboxOf = (driver: Sandbox["driver"]): Sandbox => ({
  driver,
  dependencies: noDependencies,
  run: () => Promise.reject(new Error("nothing is run here")),
});

const attempt = (name: string, contained = true) => ({
  name,
  contained,
  evidence: contained ? "refused" : "it\u001b[2J was opened",
  remedy: contained ? null : "Install something.",
});

/** A machine on which the sandbox opens, and its self-test finds these. */
const machine = (
  state: SandboxState,
  attempts = [attempt("one"), attempt("two"), attempt("three")],
): SandboxTools => ({
  open: async (setup) => {
    if (state.kind === "unavailable" || state.sandbox.driver === "none") return state;
    const trouble = await setup.selfTest(state.sandbox);
    return trouble === null ? state : { kind: "unavailable", ...trouble };
  },
  test: (_, options) => {
    expect(options?.extent).toBe("all");
    return Promise.resolve({ attempts, tookMs: 1 });
  },
  describe: (driver, settings) =>
    driver === "bwrap"
      ? Promise.resolve(["bubblewrap 0.8.0", "this very user"])
      : describeSandbox(driver, settings),
});

const ready = (driver: Sandbox["driver"]): SandboxState => ({ kind: "ready", sandbox: sandboxOf(driver) });

async function check(variables: Readonly<Record<string, string>>, tools: SandboxTools) {
  const told: string[] = [];
  const settings = readEnvironment(variables).sandbox;
  const findings = await checkSandbox({ settings, variables, tell: (line) => told.push(line) }, tools);
  return { findings, told };
}

describe("the sandbox's finding", () => {
  it("is one line where everything holds: what it is, and how many attempts were contained", async () => {
    const { findings, told } = await check({}, machine(ready("bwrap")));
    expect(findings).toEqual([
      {
        check: "sandbox",
        result: "ok",
        detail: "bubblewrap 0.8.0, this very user, 3 of 3 attempts contained",
        remedy: null,
      },
    ]);
    expect(told).toEqual([expect.stringContaining("--no-sandbox")]);
  });

  it("names every attempt that was not contained, without its control characters", async () => {
    const attempts = [
      attempt("one"),
      ...["two", "three", "four", "five"].map((name) => attempt(name, false)),
    ];
    const { findings } = await check({}, machine(ready("bwrap"), attempts));
    expect(findings.map(({ result }) => result)).toEqual(Array(5).fill("problem"));
    expect(findings[0]?.detail).toMatch(/^The sandbox does not hold: two .*and 1 more\.$/);
    expect(findings.slice(1).map(({ detail }) => detail.split(":")[0])).toEqual([
      "two",
      "three",
      "four",
      "five",
    ]);
    expect(JSON.stringify(findings)).not.toContain("\\u001b");
    expect(findings[4]?.remedy).toBe("Install something.");
  });

  it("says what is missing, and what to install", async () => {
    const missing = {
      kind: "unavailable",
      why: "bwrap is not there.",
      remedy: "apt install bubblewrap",
    } as const;
    const { findings } = await check({}, machine(missing));
    expect(findings).toEqual([
      { check: "sandbox", result: "problem", detail: missing.why, remedy: missing.remedy },
    ]);
  });

  it("is skipped, untried, where the operator switched it off", async () => {
    const never: SandboxTools = {
      ...machine(ready("bwrap")),
      open: () => Promise.reject(new Error("opened")),
    };
    const { findings, told } = await check({ ERRAND_SANDBOX: "off" }, never);
    expect(findings).toMatchObject([
      { result: "skipped", detail: expect.stringContaining("ERRAND_SANDBOX=off") },
    ]);
    expect(told).toEqual([]);
  });

  it("warns where there is no isolation, and never lets the attempts loose on the machine", async () => {
    const words = "i-run-code-of-strangers-without-a-sandbox";
    const tools: SandboxTools = { ...machine(ready("none")), test: () => Promise.reject(new Error("tried")) };
    const { findings } = await check({ ERRAND_UNSAFE_NO_SANDBOX: words }, tools);
    expect(findings).toMatchObject([
      {
        result: "ok",
        detail: expect.stringContaining("no isolation at all"),
        remedy: expect.stringContaining("Take ERRAND_UNSAFE_NO_SANDBOX away"),
      },
    ]);
  });

  it("names runtime and image of a container, and that it is experimental", async () => {
    const variables = { ERRAND_SANDBOX: "container", ERRAND_SANDBOX_RUNTIME: "podman" };
    const { findings } = await check(variables, machine(ready("container")));
    expect(findings[0]?.detail).toMatch(/^podman with the image \S+node:22-bookworm, experimental, 3 of 3/);
  });
});

describe("errand doctor", () => {
  const options = { models: false, tell: () => undefined };

  it("looks at the sandbox unless --no-sandbox", async () => {
    const variables = { ...process.env, ERRAND_SANDBOX: "off", REDIS_URL: "redis://127.0.0.1:1" };
    for (const [sandbox, words] of [
      [true, "ERRAND_SANDBOX=off"],
      [false, "--no-sandbox"],
    ] as const) {
      const findings = await examine(variables, { ...options, sandbox });
      const [found] = findings.filter(({ check: name }) => name === "sandbox");
      expect(found).toMatchObject({ result: "skipped", detail: expect.stringContaining(words) });
    }
  });
});

describe("what bounds a run, in words", () => {
  const bounds = { memory: true, processes: true, cpu: true };
  it.each([
    [{ generation: 2, bounds }, "memory, processes and processor time by control groups v2"],
    [
      { generation: 1, bounds: { ...bounds, processes: false } },
      "memory and processor time by control groups v1; processes by looking on, since no control group can be written",
    ],
    [null, "memory, processes and processor time by looking on, since no control group can be written"],
  ] as const)("%j", (groups, words) => {
    expect(boundsWords(groups)).toBe(words);
  });
});
