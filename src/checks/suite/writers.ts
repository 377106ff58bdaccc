// Checks of form and lint made to write: the words with which each tool corrects the given paths, and no others.
import { pathWords, rawWords, splitArguments, without } from "../runners/arguments.ts";
import type { Options } from "../runners/arguments.ts";
import type { ToolLine, ToolName } from "./tool-line.ts";

interface Writer {
  /** Paths that it takes. */
  readonly takes: RegExp;
  /** Options that keep it from writing. */
  readonly unwanted: Options;
  /** Options whose value is the next word. */
  readonly valued: string;
  readonly added: readonly string[];
  /** Whether paths can be given to it; left out: yes. */
  readonly whole?: true;
}

const scripts = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
const python = /\.pyi?$/;
const any = /./s;

const writers: Readonly<Partial<Record<ToolName, Writer>>> = {
  prettier: {
    takes: any,
    unwanted: { flags: ["--check", "-c", "--list-different", "-l", "--write", "-w"] },
    valued:
      "--config --ignore-path --plugin --log-level --loglevel --parser --print-width --tab-width --end-of-line --trailing-comma --cache-location --config-precedence",
    added: ["--write", "--ignore-unknown"],
  },
  eslint: {
    takes: scripts,
    unwanted: {
      flags: ["--fix", "--fix-dry-run", "--cache"],
      valued: ["-f", "--format", "-o", "--output-file"],
    },
    valued:
      "-c --config --ext --env --global --parser --parser-options --plugin --resolve-plugins-relative-to --rule --rulesdir --ignore-path --ignore-pattern --max-warnings --cache-location --cache-file --flag --stats --concurrency",
    added: ["--fix"],
  },
  "ruff format": {
    takes: python,
    unwanted: { flags: ["--check", "--diff"] },
    valued: "--config --target-version --line-length --extension --exclude --cache-dir",
    added: ["--force-exclude"],
  },
  ruff: {
    takes: python,
    unwanted: {
      flags: ["--fix", "--no-fix", "--diff", "--fix-only", "--watch"],
      valued: ["--output-format", "--output-file", "-o"],
    },
    valued:
      "--config --select --ignore --extend-select --extend-ignore --per-file-ignores --target-version --line-length --exclude --extend-exclude --cache-dir --fixable --unfixable --extension",
    added: ["--fix", "--force-exclude"],
  },
  black: {
    takes: python,
    unwanted: { flags: ["--check", "--diff"] },
    valued:
      "-l --line-length -t --target-version --config --include --exclude --extend-exclude --force-exclude -W --workers --required-version",
    added: [],
  },
  gofmt: {
    takes: /\.go$/,
    unwanted: { flags: ["-l", "-d", "-w"] },
    valued: "-r -cpuprofile",
    added: ["-w"],
  },
  rustfmt: {
    takes: /\.rs$/,
    unwanted: { flags: ["--check", "-l", "--files-with-diff"] },
    valued: "--edition --config-path --config --color --emit",
    added: [],
  },
  "cargo fmt": { takes: /\.rs$/, unwanted: { flags: ["--check"] }, valued: "", added: [], whole: true },
};

/**
 * The words after a tool's launch that have it correct these paths, relative to its folder; `null` where it is not known how, "none" where it takes none of
 * the paths.
 */
export function writingWords(tool: ToolLine, paths: readonly string[]): readonly string[] | "none" | null {
  if (tool.name === "biome") return biomeWords(tool, paths);
  const writer = writers[tool.name];
  if (writer === undefined) return null;
  const taken = paths.filter((path) => writer.takes.test(path));
  if (taken.length === 0) return "none";
  const kept = without(tool.arguments, writer.unwanted);
  if (writer.whole === true) return rawWords(kept).filter((word) => word !== "--");
  const { options, positionals } = splitArguments(kept, writer.valued.split(" "));
  // ruff's subcommand, where its name alone was looked for.
  const subcommand = tool.name === "ruff" ? ["check"] : [];
  const isCheck = tool.name !== "ruff" || positionals[0]?.text === "check";
  return isCheck ? [...subcommand, ...rawWords(options), ...writer.added, ...pathWords(taken)] : null;
}

const biomeTakes = /\.(?:[cm]?[jt]sx?|jsonc?|css|graphql|gql|html|vue|svelte|astro)$/;
const biomeCommands: Readonly<Record<string, string>> = {
  format: "format",
  check: "check",
  ci: "check",
  lint: "lint",
};

/** `biome ci` never writes: `biome check` looks at the same. */
function biomeWords(tool: ToolLine, paths: readonly string[]): readonly string[] | "none" | null {
  const subcommand = tool.arguments[0]?.text ?? "";
  const writing = Object.hasOwn(biomeCommands, subcommand) ? biomeCommands[subcommand] : undefined;
  if (writing === undefined) return null;
  const taken = paths.filter((path) => biomeTakes.test(path));
  if (taken.length === 0) return "none";
  const kept = without(tool.arguments.slice(1), {
    flags: ["--write", "--fix", "--apply", "--changed", "--staged", "--error-on-warnings"],
    valued: ["--reporter", "--since"],
  });
  const { options } = splitArguments(kept, [
    "--config-path",
    "--max-diagnostics",
    "--diagnostic-level",
    "--log-level",
    "--only",
    "--skip",
  ]);
  return [writing, ...rawWords(options), "--write", ...pathWords(taken)];
}
