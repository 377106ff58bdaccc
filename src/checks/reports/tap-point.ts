// One test point of the Test Anything Protocol, and how a tree of them becomes results.
import type { Results } from "./results.ts";
import { projectPath } from "./text.ts";

export interface Point {
  readonly ok: boolean;
  readonly name: string;
  /** Skipped, or still to do: whatever it says, it neither passes nor fails. */
  readonly excused: boolean;
  /** Lines of its diagnostics. */
  readonly said: string[];
  readonly children: Point[];
}

/** `described` is what follows "ok 1 - ". */
export function point(ok: boolean, described: string): Point {
  const timed = described.replace(/ # time=[\d.]+\w{0,2}\s*$/, "");
  const directive = /(?:^|[^\\])#\s*(?:skip|todo)\b/i.exec(timed);
  const name =
    directive === null ? timed : timed.slice(0, directive.index + (directive[0].startsWith("#") ? 0 : 1));
  const plain = name.replace(/\\([#\\])/g, "$1").trim();
  return { ok, name: projectPath(plain), excused: directive !== null, said: [], children: [] };
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
  found.add(parts, excused ? "skipped" : failed ? "failed" : "passed", each.said.join("\n"));
  return failed;
}
