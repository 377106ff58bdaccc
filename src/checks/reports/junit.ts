// JUnit's XML, in the dialects of node:test, pytest, nextest, Gradle and their like.
import type { TestResult } from "../../core/checks.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import { results, type Results, type Said } from "./results.ts";
import { projectPath, testFrame } from "./text.ts";
import { attributeOf, readXml, unescaped, type Element } from "./xml.ts";

/** A runner that was ended in the middle leaves a document without its end: `null`, for what is missing there is not gone from the tests. */
export function readJunit(text: string): readonly TestResult[] | null {
  const root = readXml(text.replace(/^\uFEFF/, ""));
  if (root === null || (root.name !== "testsuites" && root.name !== "testsuite")) return null;
  const found = results();
  readSuite(root, [], found);
  return found.all();
}

function readSuite(suite: Element, outer: readonly string[], found: Results): void {
  const named = suite.name === "testsuite" ? attributeOf(suite, "name") : "";
  const suites = named === "" ? outer : [...outer, named];
  for (const child of suite.children) {
    if (child.name === "testsuite" || child.name === "testsuites") readSuite(child, suites, found);
    else if (child.name === "testcase") {
      found.add(partsOf(child, suites), statusOf(child), saidOf(child));
    } else if (child.name === "error" || child.name === "failure") {
      found.add(suites, "failed", worded(child));
    }
  }
}

function statusOf(test: Element): TestResult["status"] {
  const names = new Set(test.children.map(({ name }) => name));
  // node:test writes the failure of a test that is still to do beside its "skipped".
  if (names.has("skipped")) return "skipped";
  return names.has("failure") || names.has("error") ? "failed" : "passed";
}

function saidOf(test: Element): Said {
  const failures = test.children.filter(({ name }) => name === "failure" || name === "error");
  const message = failures.map(worded).join("\n");
  return { message, file: fileOf(test, message) };
}

/** What the runner names, else, as node:test names none, the file of the test's own frame. Node gives a file that broke off its path for a title. */
function fileOf(test: Element, message: string): string {
  const named = projectPath(attributeOf(test, "file"));
  if (named !== "") return named;
  const title = attributeOf(test, "name");
  return title.startsWith(`${sandboxPaths.project}/`) ? projectPath(title) : testFrame(message);
}

function worded(failure: Element): string {
  const message = attributeOf(failure, "message");
  const text = unescaped(failure.text);
  return text.includes(message) ? text : `${message}\n${text}`;
}

/** The file where the runner names one, the suites, the class, the title; what only repeats another part is left out. */
function partsOf(test: Element, suites: readonly string[]): readonly string[] {
  const title = projectPath(attributeOf(test, "name"));
  const file = projectPath(attributeOf(test, "file"));
  const klass = attributeOf(test, "classname");
  const modules = file.replace(/\.\w+$/, "").replaceAll("/", ".");
  // pytest names a file that it could not import by its module.
  if (file !== "" && title === modules) return [file];
  const inner =
    file !== "" && klass.startsWith(modules) ? klass.slice(modules.length).replace(/^\./, "") : klass;
  // node:test gives each test the class "test"; pytest each suite the name "pytest".
  const repeats = new Set(["test", "pytest", file, title, ...suites]);
  const outer = suites.filter((suite) => suite !== "pytest" && suite !== file);
  return [file, ...outer, repeats.has(inner) ? "" : inner, title];
}
