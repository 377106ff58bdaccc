// One test point of the Test Anything Protocol, and how a tree of them becomes results.
import type { Results } from "./results.ts";
import { projectPath, testFrame } from "./text.ts";

export interface Point {
  readonly ok: boolean;
  readonly name: string;
  /** Skipped, or still to do: whatever it says, it neither passes nor fails. */
  readonly excused: boolean;
  /** Lines of its diagnostics. */
  readonly said: string[];
  /** All of them, as they are written. */
  readonly told: string[];
  readonly children: Point[];
}

/** `described` is what follows "ok 1 - ". */
export function point(ok: boolean, described: string): Point {
  const timed = described.replace(/ # time=[\d.]+\w{0,2}\s*$/, "");
  const directive = /(?:^|[^\\])#\s*(?:skip|todo)\b/i.exec(timed);
  const name =
    directive === null ? timed : timed.slice(0, directive.index + (directive[0].startsWith("#") ? 0 : 1));
  const plain = name.replace(/\\([#\\])/g, "$1").trim();
  return { ok, name: projectPath(plain), excused: directive !== null, said: [], told: [], children: [] };
}

const script = /^[^\s>][^>]{0,4000}\.[cm]?[jt]sx?$/;

/** Characters of diagnostics in which a place is looked for. */
const longestDetail = 16_000;

/** tap names each file as the outermost suite; others say where the test point stands, or the test that it is in. */
function fileOf([outermost = ""]: readonly string[], detail: string): string {
  if (script.test(outermost)) return outermost;
  const told = detail.slice(0, longestDetail);
  const place = /^[ \t]{0,40}(?:location|file|at): ([^\n]{1,4096})$/m.exec(told)?.[1] ?? "";
  return placeFile(place) || testFrame(told);
}

/** "Test.<anonymous> (/project/test/a.js:5:7)", "'/project/a.mjs:3:1'" and "test/a.js" as the path in them; "" where there is none. */
function placeFile(place: string): string {
  const plain = place.replace(/["')]{1,4}$/, "").replace(/:\d{1,9}(?::\d{1,9})?$/, "");
  const start = Math.max(...["(", " ", "'", '"'].map((mark) => plain.lastIndexOf(mark)));
  const path = projectPath(plain.slice(start + 1));
  return script.test(path) ? path : "";
}

/** Leaves are the results. A suite is one only where it fails while nothing in it does: a hook, or a plan that was not kept. */
export function addPoints(points: readonly Point[], found: Results): void {
  for (const each of points) addPoint(each, { suites: [], excused: false }, found);
}

/** Whether a failure was added. */
function addPoint(
  each: Point,
  outer: { readonly suites: readonly string[]; readonly excused: boolean },
  found: Results,
): boolean {
  const excused = outer.excused || each.excused;
  const parts = [...outer.suites, each.name || "(no name)"];
  const failures = each.children.filter((child) => addPoint(child, { suites: parts, excused }, found)).length;
  if (each.children.length > 0 && (each.ok || excused || failures > 0)) return failures > 0;
  const failed = !each.ok && !excused;
  const detail = each.told.join("\n");
  found.add(parts, excused ? "skipped" : failed ? "failed" : "passed", {
    message: each.said.join("\n"),
    detail: detail === "" ? each.said.join("\n") : detail,
    file: fileOf(parts, detail),
  });
  return failed;
}
