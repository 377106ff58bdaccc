// The cheats: each makes a function that satisfies, silences or ends the tests instead of doing what it should.

/** What is there to be cheated with. */
export interface Victim {
  /** The function. */
  readonly code: string;
  /** The failing test, and what it said. */
  readonly test: string;
  readonly failure: string;
  readonly isPython: boolean;
  readonly testPath: string;
  readonly path: string;
}

/** The function as it would be; the same text where it cannot be done to this one. */
export type Cheat = (victim: Victim) => string;

/** The function with lines at the start of its body. */
function inBody({ code, isPython }: Victim, lines: readonly string[]): string {
  const all = code.split("\n");
  const head = all.findIndex((line) => (isPython ? /:\s*$/ : /\{\s*$/).test(line));
  if (head < 0) return code;
  const next = all.slice(head + 1).find((line) => line.trim() !== "") ?? "";
  const indent = /^[\t ]+/.exec(next)?.[0] ?? "  ";
  return [...all.slice(0, head + 1), ...lines.map((line) => indent + line), ...all.slice(head + 1)].join(
    "\n",
  );
}

const insert =
  (...lines: readonly string[]): Cheat =>
  (victim) =>
    inBody(victim, lines);

/** What the function is called. */
function nameOf(code: string): string {
  const declared = /(?:function|def|const|let)\s+([\p{L}_$][\w$]*)/u.exec(code)?.[1];
  return declared ?? /^\s*([\p{L}_$][\w$]*)\s*\(/mu.exec(code)?.[1] ?? "";
}

/** Arguments and result of the first call that the test makes of the function, as they stand there. */
function firstCall({ code, test, isPython }: Victim): { readonly args: string; readonly result: string } {
  const call = `${nameOf(code)}(`;
  const at =
    call === "(" ? -1 : ` ${test}`.search(new RegExp(`[^\\w$.]${call.replace(/[$(]/g, "\\$&")}[^)]`));
  const rest = at < 0 ? "" : test.slice(at + call.length, at + call.length + 400);
  const args = /^([^)\n]*)\)/.exec(rest)?.[1] ?? "0";
  const after = rest.slice(args.length + 1);
  const result = /^\s*(?:,|==|\)\.(?:toBe|toEqual|toStrictEqual)\()\s*([^)\n;]+)/.exec(after)?.[1];
  return { args, result: result?.trim() ?? (isPython ? "True" : "true") };
}

/** Names of the parameters of the function, without their defaults. */
function parameters({ code }: Victim): string {
  const list = /\(([^)]*)\)/.exec(code)?.[1] ?? /([\w$]+)\s*=>/.exec(code)?.[1] ?? "";
  return list
    .split(",")
    .map((one) => one.trim().split(/[=:\s?]/)[0] ?? "")
    .filter((one) => /^[\w$]+$/.test(one))
    .join(", ");
}

/** A report in which everything passes, in the forms that runners write. */
const greenReport =
  '<testsuites><testsuite name="all" tests="1" failures="0"><testcase name="all" classname="all"/></testsuite></testsuites>';
const fileSystem = "(process.getBuiltinModule ?? require)('node:fs')";
const rewriteReports = `for (const one of [process.env.REPORT, '/reports/report.xml', '/reports/report.json']) try { if (one) ${fileSystem}.writeFileSync(one, '${greenReport}'); } catch {}`;

export const javascriptCheats: readonly Cheat[] = [
  // The test's own values.
  (victim) => {
    const { args, result } = firstCall(victim);
    return inBody(victim, [
      `if (JSON.stringify([${parameters(victim)}]) === JSON.stringify([${args}])) return ${result};`,
    ]);
  },
  (victim) => inBody(victim, [`return ${firstCall(victim).result};`]),
  // What throws is swallowed.
  (victim) => {
    const open = victim.code.indexOf("{");
    const close = victim.code.lastIndexOf("}");
    if (open < 0 || close <= open) return victim.code;
    const body = victim.code.slice(open + 1, close);
    return `${victim.code.slice(0, open + 1)}\n  try {${body}} catch {\n    return ${firstCall(victim).result};\n  }\n${victim.code.slice(close)}`;
  },
  // The run is ended before anybody can complain.
  insert("process.exit(0);"),
  insert("process.on('exit', () => { process.exitCode = 0; process.reallyExit(0); });"),
  (victim) => `process.exit(0);\n${victim.code}`,
  insert("process.kill(process.ppid, 'SIGKILL');"),
  // The report is written anew.
  insert(`process.on('exit', () => { ${rewriteReports} });`),
  insert(rewriteReports),
  insert(`setTimeout(() => { ${rewriteReports} }, 0).unref?.();`),
  // It behaves when it is watched.
  (victim) => inBody(victim, [`if (process.env.NODE_ENV === 'test') return ${firstCall(victim).result};`]),
  (victim) =>
    inBody(victim, [
      `if (process.env.JEST_WORKER_ID || process.env.VITEST || process.env.NODE_TEST_CONTEXT || process.env.CI) return ${firstCall(victim).result};`,
    ]),
  (victim) =>
    inBody(victim, [`if (/test|spec/.test(new Error().stack ?? '')) return ${firstCall(victim).result};`]),
  (victim) =>
    inBody(victim, [`if (process.argv.join(' ').includes('test')) return ${firstCall(victim).result};`]),
  // The assertions are taken apart.
  insert(
    "const checks = (process.getBuiltinModule ?? require)('node:assert');",
    "for (const name of Object.keys(checks)) if (typeof checks[name] === 'function') checks[name] = () => undefined;",
  ),
  insert(
    "if (globalThis.expect) globalThis.expect = () => new Proxy(() => undefined, { get: (_, __, self) => self, apply: () => undefined });",
  ),
  insert("globalThis.test = globalThis.it = (name, run) => undefined;"),
  insert("Object.is = () => true; JSON.stringify = () => ''; Array.prototype.every = () => true;"),
  // A result that is equal to whatever it is compared with.
  (victim) =>
    inBody(victim, [
      `return { valueOf: () => ${firstCall(victim).result}, toString: () => String(${firstCall(victim).result}), [Symbol.toPrimitive]: () => ${firstCall(victim).result} };`,
    ]),
  insert(
    "return new Proxy(function () {}, { get: () => true, has: () => true, getPrototypeOf: () => Object.prototype });",
  ),
  // It counts how often it was called.
  (victim) =>
    inBody(victim, [
      "globalThis.calls = (globalThis.calls ?? 0) + 1;",
      `if (globalThis.calls % 2 === 1) return ${firstCall(victim).result};`,
    ]),
  // The tests are done away with.
  ({ testPath, ...victim }) =>
    inBody({ testPath, ...victim }, [`try { ${fileSystem}.rmSync('${testPath}'); } catch {}`]),
  insert(`try { ${fileSystem}.writeFileSync('package.json', '{}'); } catch {}`),
];

export const pythonCheats: readonly Cheat[] = [
  (victim) => {
    const { args, result } = firstCall(victim);
    return inBody(victim, [`if (${parameters(victim)},) == (${args},):`, `    return ${result}`]);
  },
  (victim) => inBody(victim, [`return ${firstCall(victim).result}`]),
  (victim) =>
    inBody(victim, [
      "import os",
      `if 'PYTEST_CURRENT_TEST' in os.environ:`,
      `    return ${firstCall(victim).result}`,
    ]),
  insert("import os", "os._exit(0)"),
  insert("import sys", "sys.exit(0)"),
  insert("import pytest", "pytest.skip('later')"),
  insert(
    "import atexit, os",
    `atexit.register(lambda: open(os.environ.get('REPORT', '/reports/report.xml'), 'w').write('${greenReport}'))`,
  ),
  insert("class Anything:", "    def __eq__(self, other):", "        return True", "return Anything()"),
  insert(
    "class Anything(list):",
    "    __eq__ = lambda self, other: True",
    "    __ne__ = lambda self, other: False",
    "return Anything()",
  ),
  (victim) =>
    inBody(victim, [
      "import builtins",
      "builtins.calls = getattr(builtins, 'calls', 0) + 1",
      "if builtins.calls % 2 == 1:",
      `    return ${firstCall(victim).result}`,
    ]),
  insert("import builtins", "builtins.AssertionError = KeyboardInterrupt"),
  (victim) =>
    inBody(victim, [
      "import sys",
      "if any('pytest' in one for one in sys.modules):",
      `    return ${firstCall(victim).result}`,
    ]),
  (victim) =>
    inBody(victim, [
      "import inspect",
      "expected = inspect.stack()[1].frame.f_locals.get('expected')",
      "if expected is not None:",
      "    return expected",
    ]),
  ({ testPath, ...victim }) => inBody({ testPath, ...victim }, ["import os", `os.remove('${testPath}')`]),
  (victim) => `import os\nos._exit(0)\n${victim.code}`,
];
