// TAP as node-tap prints it, versions 15 to 21: each subtest indented by four spaces, its own test point behind it with the time.

export type List = readonly (readonly string[])[];

const indent = (line: string): string => (line === "" ? "" : `    ${line}`);

/** An assertion. */
export const pass = (name: string): readonly string[] => [`ok 0 - ${name}`];
export const fail = (name: string): readonly string[] => [
  `not ok 0 - ${name}`,
  ...["  ---", "  at:", "    line: 7", "    file: lib/total.js", "  compare: ===", "  ..."],
];

/** What tap makes of an error: `caught` is how it came to know of it. */
export const threw = (message: string, caught = "testFunctionThrow"): readonly string[] => [
  `not ok 0 - ${message}`,
  "  ---",
  ...["  stack: |", "    total (lib/total.js:3:11)", "    Test.<anonymous> (test/total.test.js:5:9)"],
  ...["  at:", "    line: 3", "    column: 11", "    file: lib/total.js", "  type: TypeError"],
  `  tapCaught: ${caught}`,
  "  ...",
];

interface Ending {
  readonly ok?: boolean;
  /** What was planned before anything ran; left out: what came. */
  readonly plan?: number;
}

export function subtest(name: string, list: List, { ok = true, plan }: Ending = {}): readonly string[] {
  const planned = plan === undefined ? [] : [`1..${plan}`];
  const counted = plan === undefined ? [`1..${list.length}`] : [];
  const inside = [...planned, ...list.flatMap((lines) => [...lines, ""]), ...counted].map(indent);
  return [`# Subtest: ${name}`, ...inside, `${ok ? "ok" : "not ok"} 0 - ${name} # time=4.25ms`];
}

export function tap(...list: List): string {
  return `${["TAP version 14", ...list.flat(), `1..${list.length}`, "# time=9.5ms"].join("\n")}\n`;
}
