// One test point of the Test Anything Protocol, and how a tree of them becomes results.
import type { Results } from "./results.ts";
import { projectPath, testFrame } from "./text.ts";

export interface Point {
  readonly ok: boolean;
  readonly name: string;
  /** Skipped, or still to do: whatever it says, it neither passes nor fails. */
  readonly excused: boolean;
  /** Says how long it took: of tap's points only those of subtests and files do. */
  readonly timed: boolean;
  /** Lines of its diagnostics. */
  readonly said: string[];
  /** All of them, as they are written. */
  readonly told: string[];
  readonly children: Point[];
}

/** `described` is what follows "ok 1 - ". */
export function point(ok: boolean, described: string): Point {
  const untimed = described.replace(/(?:^| )# time=[\d.]+\w{0,2}\s*$/, "");
  const directive = /(?:^|[^\\])#\s*(?:skip|todo)\b/i.exec(untimed);
  const name =
    directive === null ? untimed : untimed.slice(0, directive.index + (directive[0].startsWith("#") ? 0 : 1));
  const plain = name.replace(/\\([#\\])/g, "$1").trim();
  const timed = untimed.length < described.length;
  return {
    ...{ ok, name: projectPath(plain), excused: directive !== null, timed },
    ...{ said: [], told: [], children: [] },
  };
}

/** How tap tells that the error ended a test's function, or came out of something that it had begun. */
const caught =
  /^tapCaught: (?:testFunctionThrow|returnedPromiseRejection|uncaughtException|unhandledRejection)$/;

/** Whether tap made the point of an error, and names it by the error's message: no assertion, and gone once the error is. */
export function isThrown({ ok, excused, told, children }: Point): boolean {
  return !ok && !excused && children.length === 0 && told.some((line) => caught.test(line.trimEnd()));
}

/** What tap 18 and later add where an error came before the plan was kept. */
function isUnkeptPlan({ ok, name }: Point): boolean {
  return !ok && /^test count\(\d{1,9}\) != plan\(\d{1,9}\)$/.test(name);
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

interface Outer {
  readonly suites: readonly string[];
  readonly excused: boolean;
}

/**
 * Leaves are the results. A suite is one only where it fails while nothing in it does (a hook, or a plan that was not kept), where it threw, and, in tap's reports,
 * where all is well: so what threw has a result of the same id once it is mended.
 */
export function addPoints(points: readonly Point[], found: Results): void {
  for (const each of points) addPoint(each, { suites: [], excused: false }, found);
}

/** Whether a failure was added. */
function addPoint(each: Point, outer: Outer, found: Results): boolean {
  const at = {
    suites: [...outer.suites, each.name || "(no name)"],
    excused: outer.excused || each.excused,
  };
  const thrown = at.excused ? undefined : each.children.find(isThrown);
  const inside = thrown === undefined ? each.children : each.children.filter(isOwn);
  const failures = inside.filter((child) => addPoint(child, at, found)).length;
  if (thrown !== undefined) return addThrown(thrown, at.suites, found);
  const isTold = each.children.length > 0 && (each.ok || at.excused || failures > 0);
  if (!isTold) return addOwn(each, at, found);
  if (failures === 0) addEnded(each, at, found);
  return failures > 0;
}

function addOwn({ ok, said, told }: Point, { suites, excused }: Outer, found: Results): boolean {
  const failed = !ok && !excused;
  const detail = told.join("\n");
  found.add(suites, excused ? "skipped" : failed ? "failed" : "passed", {
    message: said.join("\n"),
    detail: detail === "" ? said.join("\n") : detail,
    file: fileOf(suites, detail),
  });
  return failed;
}

function addEnded({ timed }: Point, { suites, excused }: Outer, found: Results): void {
  if (timed && !excused) found.add(suites, "passed", { suite: "ended", file: fileOf(suites, "") });
}

/** Whether a point of a suite that threw is its author's. */
const isOwn = (each: Point): boolean => !isThrown(each) && !isUnkeptPlan(each);

/** Where the error came from is the source's place: of the test's own, a frame of the stack tells. */
function addThrown({ name, said, told }: Point, parts: readonly string[], found: Results): boolean {
  const [outermost = ""] = parts;
  found.add(parts, "failed", {
    message: [name, ...said].join("\n"),
    detail: [name, ...told].join("\n"),
    file: script.test(outermost) ? outermost : testFrame(told.join("\n").slice(0, longestDetail)),
    suite: "threw",
  });
  return true;
}
