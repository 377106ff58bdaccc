// `go test -json`: one event a line, with whatever else was written between them.
import type { TestResult } from "../../core/checks.ts";
import { results, type Results, type Said } from "./results.ts";
import { fieldsOf, jsonOf, textOf, type Fields } from "./shape.ts";

/** What is kept of one test's output until it ends. */
const keptOutput = 8_000;
const ends: Readonly<Record<string, TestResult["status"]>> = {
  pass: "passed",
  fail: "failed",
  skip: "skipped",
};

interface Package {
  /** Tests that were started and have not ended, with what they wrote. */
  readonly open: Map<string, string>;
  failures: number;
  ended: boolean;
  output: string;
}

interface Reading {
  readonly found: Results;
  readonly packages: Map<string, Package>;
  /** By import path, what the compiler said. */
  readonly builds: Map<string, string>;
}

export function readGo(text: string): readonly TestResult[] | null {
  const reading: Reading = { found: results(), packages: new Map(), builds: new Map() };
  let events = 0;
  for (const line of text.split("\n")) {
    const event = line.startsWith("{") ? fieldsOf(jsonOf(line)) : {};
    if (textOf(event["Action"]) !== "") {
      events++;
      readEvent(event, reading);
    } else readPlain(line, reading);
  }
  for (const [name, { open, ended, failures, output }] of reading.packages) {
    for (const [test, said] of open)
      reading.found.add(partsOf(name, test), "failed", saidIn(name, said || "It did not end."));
    if (!ended && failures + open.size === 0)
      reading.found.add([name], "failed", output || "It did not end.");
  }
  return events === 0 ? null : reading.found.all();
}

/** Before Go 1.24 a build failure is written between the events. */
function readPlain(line: string, reading: Reading): void {
  const failed = /^FAIL\s+(\S+)\s+\[(?:build|setup) failed\]/.exec(line);
  if (failed?.[1] === undefined || reading.packages.get(failed[1])?.ended === true) return;
  endPackage(failed[1], "fail", reading);
}

function readEvent(event: Fields, reading: Reading): void {
  const name = textOf(event["Package"]);
  const test = textOf(event["Test"]);
  const action = textOf(event["Action"]);
  if (action === "build-output") {
    const path = withoutVariant(textOf(event["ImportPath"]));
    const said = textOf(event["Output"]);
    reading.builds.set(path, appended(reading.builds.get(path), said.startsWith("#") ? "" : said));
  } else if (name !== "" && test === "") readPackageEvent(name, event, reading);
  else if (name !== "") readTestEvent(packageOf(name, reading), { name, test, action, event }, reading.found);
}

function readPackageEvent(name: string, event: Fields, reading: Reading): void {
  const action = textOf(event["Action"]);
  const state = packageOf(name, reading);
  if (action === "output") state.output = appended(state.output, told(textOf(event["Output"])));
  if (!Object.hasOwn(ends, action)) return;
  const cause = withoutVariant(textOf(event["FailedBuild"]));
  state.output = reading.builds.get(cause) ?? state.output;
  endPackage(name, action, reading);
}

/** "shop/calc [shop/calc.test]" is the package as its test is built. */
function withoutVariant(importPath: string): string {
  return importPath.split(" [", 1)[0] ?? "";
}

/** A package that failed while none of its tests did: it was not built, or it ended the process. */
function endPackage(name: string, action: string, reading: Reading): void {
  const state = packageOf(name, reading);
  state.ended = true;
  if (action === "fail" && state.failures + state.open.size === 0)
    reading.found.add([name], "failed", saidIn(name, state.output));
}

function readTestEvent(
  state: Package,
  { name, test, action, event }: { name: string; test: string; action: string; event: Fields },
  found: Results,
): void {
  if (action === "run") state.open.set(test, "");
  if (action === "output") {
    const said = state.open.get(test);
    if (said !== undefined) state.open.set(test, appended(said, told(textOf(event["Output"]))));
  }
  const status = Object.hasOwn(ends, action) ? ends[action] : undefined;
  if (status === undefined) return;
  if (status === "failed") state.failures++;
  found.add(partsOf(name, test), status, saidIn(name, state.open.get(test) ?? ""));
  state.open.delete(test);
}

function packageOf(name: string, { packages }: Reading): Package {
  const known = packages.get(name);
  if (known !== undefined) return known;
  const fresh = { open: new Map<string, string>(), failures: 0, ended: false, output: "" };
  packages.set(name, fresh);
  return fresh;
}

/** The runner's own lines say nothing that the status does not. */
function told(output: string): string {
  return /^\s*(?:=== |--- |FAIL\b)/.test(output) ? "" : output;
}

function appended(before: string | undefined, more: string): string {
  return (before ?? "").length >= keptOutput ? (before ?? "") : (before ?? "") + more.slice(0, keptOutput);
}

/** A test names its file by the last part alone, and the package's import path stands for its folder; the compiler names the whole path. */
function saidIn(name: string, message: string): Said {
  const [, path, file] = /^[ \t]{0,40}((?:[\w.-]{1,200}\/){0,20}([\w.-]{1,200}\.go)):\d/m.exec(message) ?? [];
  if (path === undefined || file === undefined) return { message };
  return { message, file: path === file ? `${name}/${file}` : path };
}

function partsOf(name: string, test: string): readonly string[] {
  return [name, ...test.split("/")];
}
