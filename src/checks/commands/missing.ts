// The words for a repository without a test command: what was looked for, and what to write.

/** Files whose names show a test command, as they are told to people. */
const places =
  "a test script in package.json, pytest settings or tests for Python, go.mod with tests, Cargo.toml, and a test target in a Makefile";

/** For people: why there is no test command, and the line for .github/agent.yml. Code is in backticks. */
export function missingTests(paths: readonly string[], turnedOff: boolean): string {
  if (turnedOff) {
    return "Tests are turned off for this repository: `commands.test` is empty in `.github/agent.yml`. Take that line out, or name the command there, to have merges proven.";
  }
  // One line: it becomes part of a paragraph, in which breaks and blocks of code are shown as what they are.
  const example = `\`commands: { test: ${exampleFor(paths)} }\``;
  return `No test command was found, so nothing can be proven by tests: looked for were ${places}. Name the command in \`.github/agent.yml\` on the default branch, for example ${example}.`;
}

function exampleFor(paths: readonly string[]): string {
  if (paths.includes("package.json")) return "npm test";
  if (paths.some((path) => path.endsWith(".py"))) return "python3 -m pytest";
  return paths.some((path) => path.endsWith(".go")) ? "go test ./..." : "make test";
}
