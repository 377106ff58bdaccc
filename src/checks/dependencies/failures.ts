// Why an install failed and what to do, in a sentence or two, from what its tool said.
import type { SandboxResult } from "../../core/sandbox.ts";
import type { InstallPlan, InstallTool } from "./types.ts";

/** What a tool says when the lockfile does not fit the manifest. */
const outdated =
  /npm ci` can only install|ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH|Your lockfile needs to be updated|YN0028|needs to be updated but --locked|The lockfile at [^\n]{0,500}? needs to be updated|missing go\.sum entry/;
/** Where wheels are all that is allowed, and there is none. */
const noWheel = /No matching distribution found for (\S+)|no usable wheels|marked as `--no-build`/;

const updates: Readonly<Record<InstallTool, string>> = {
  npm: "npm install",
  pnpm: "pnpm install",
  yarn: "yarn install",
  pip: "pip freeze",
  uv: "uv lock",
  go: "go mod tidy",
  cargo: "cargo update --workspace",
};
/** The program that has to be on the machine. */
const programs: Readonly<Record<InstallTool, string>> = {
  npm: "npm",
  pnpm: "npm",
  yarn: "npm",
  pip: "python3 (with its module venv)",
  uv: "python3 (with its module venv)",
  go: "go",
  cargo: "cargo",
};

/** Lines and characters of what the tool said last. */
const lastLines = 6;
const mostCharacters = 600;

/** Parts of it are the tool's own words about the repository's packages: hostile text. */
export function whyFailed(plan: InstallPlan, result: SandboxResult): string {
  const what = `Dependencies of ${plan.lockfile} could not be installed`;
  const said = `${result.stdout.text}\n${result.stderr.text}`;
  const { ended } = result;
  if (ended.kind === "limit") return `${what}: ${limitWords[ended.limit]}.`;
  if (outdated.test(said)) {
    return `${what}: it does not fit the manifest beside it. Run \`${updates[plan.tool]}\` and commit the result.`;
  }
  // A tool that is refused says many things, and all of them come from that.
  const troubles = result.troubles ?? [];
  if (troubles.length > 0) return `${what}. ${troubles.join(" ")}`;
  const wheel = noWheel.exec(said);
  if (wheel !== null) {
    const name = wheel[1] === undefined ? "a package" : `\`${plainName(wheel[1])}\``;
    return `${what}: there is no wheel of ${name} for this machine, and nothing is built at an install. Pin a version that has one.`;
  }
  if ((ended.kind === "exit" && ended.code === 127) || /No module named '?(?:venv|ensurepip)/.test(said)) {
    return `${what}: ${programs[plan.tool]} is not in the sandbox. Install it on the worker's machine, or name its folder in ERRAND_SANDBOX_TOOLS.`;
  }
  const how = ended.kind === "exit" ? `exit status ${ended.code}` : ended.signal;
  return `${what}: ${plan.tool} ended with ${how}. Install them in a fresh clone to see the same. It said: ${tailOf(said)}`;
}

const limitWords = {
  wall: "it took too long",
  cpu: "it took too much processor time",
  memory: "it took more memory than it may (ERRAND_SANDBOX_MEMORY)",
  processes: "it started more processes than it may",
  output: "it wrote more output than it may",
  disk: "the packages are larger than they may be",
} as const;

function plainName(text: string): string {
  return text.replaceAll(/[^\w.=<>!~@/[\]-]/g, "").slice(0, 100);
}

/** In one line, as the sentence that it is a part of. */
function tailOf(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => line !== "" && !saysNothing.test(line));
  return telling.slice(-lastLines).join(" ").slice(-mostCharacters);
}

/** Of npm: warnings, a line with a number alone, and a file that is gone with the sandbox. */
const saysNothing = /^npm (?:warn|notice|error \d+$|error A complete log)/i;
