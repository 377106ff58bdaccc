// The settings of agent.yml on the repository's own code: its commands, and the files that a command writes.
import { z } from "zod";
import type { CommandName } from "../core/checks.ts";
import { matchesGlob } from "../core/glob.ts";
import { builtInProtectedPaths } from "./policy-defaults.ts";

/** Longest command line, in UTF-16 units; whoever needs more writes a script. */
const MAX_COMMAND = 1000;
/** Longest path or pattern. */
const MAX_PATH = 200;
/** Most rules, and most patterns and paths of one. */
const MAX_RULES = 20;

const isOneLine = (text: string): boolean => !/\p{Cc}|\u2028|\u2029/u.test(text);

const line = (rule: string) =>
  z
    .string({ error: rule })
    .max(MAX_COMMAND, `must have ${MAX_COMMAND} characters at most: put what is longer into a script`)
    .refine(isOneLine, { error: "must be one line" });

const commandRule = 'must be a command line, such as "npm test", or "" to turn it off';

const command = (description: string) =>
  line(commandRule)
    .refine((text) => text === "" || text.trim() !== "", { error: commandRule })
    .describe(description)
    .optional();

export const commandSettings = {
  setup: command("Run before each of the others, such as a code generator whose files are not checked in."),
  test: command("Runs the tests."),
  typecheck: command("Checks types and writes nothing."),
  lint: command("Checks the style and writes nothing."),
  format: command("Checks the formatting and writes nothing."),
} satisfies Record<CommandName, z.ZodType>;

/** Why a path cannot be one that a command writes; `null` where it can. */
function faultOfOwned(path: string): string | null {
  if (/[*?[\]{}!\\]/.test(path)) return "must be a path and no pattern: each file that comes back is named";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git"))
    return "must be a path inside the repository, such as src/generated/schema.ts";
  const pattern = builtInProtectedPaths.find((candidate) => matchesGlob(candidate, path));
  return pattern === undefined ? null : protectedFault(pattern);
}

/** Such a rule would fail each time, at the last gate: it is said when the file is read. */
export const protectedFault = (pattern: string): string =>
  `must not be a protected path (${pattern}): what runs the repository's code may not write it, so the rule is left out`;

const owned = z
  .string({ error: "must be a text: a path such as src/generated/schema.ts" })
  .min(1, "must not be empty")
  .max(MAX_PATH, `must have ${MAX_PATH} characters at most`)
  .refine(isOneLine, { error: "must be one line" })
  .check((context) => {
    const fault = faultOfOwned(context.value);
    if (fault !== null) context.issues.push({ code: "custom", input: context.value, message: fault });
  });

const some = <Entry extends z.ZodType>(entry: Entry, what: string) =>
  z
    .array(entry, { error: `must be a list of ${what}` })
    .min(1, `must name ${what}`)
    .max(MAX_RULES, `must have ${MAX_RULES} entries at most`);

/** `pattern` is the schema of one glob pattern. */
export const regenerateSetting = <Pattern extends z.ZodType>(pattern: Pattern) =>
  z
    .array(
      z
        .strictObject(
          {
            sources: some(pattern, "patterns of the files that the command reads").describe(
              "Files that the command reads. A conflict in one of them has to be settled before it is run.",
            ),
            command: line('must be a command line, such as "npm run codegen"')
              .refine((text) => text.trim() !== "", { error: "must not be empty" })
              .describe("Run by a shell in the sandbox, in the repository's top folder."),
            owns: some(owned, "paths of the files that the command writes").describe(
              "Files that the command writes: these and nothing else are taken from it. Paths, not patterns.",
            ),
          },
          {
            error: (issue) =>
              issue.code === "invalid_type" ? "must be a map with sources, command and owns" : undefined,
          },
        )
        .describe("Files that a command writes anew from others."),
      { error: "must be a list of rules, each with sources, command and owns" },
    )
    .max(MAX_RULES, `must have ${MAX_RULES} entries at most`)
    .describe(
      "Files that are written by a command: a conflict in them is settled by running it on the merged sources.",
    );
