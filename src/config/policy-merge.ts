// Several agent.yml files as one policy: maps are merged key by key, lists are replaced as a whole.
import { commandNames } from "../core/checks.ts";
import type { Commands } from "../core/checks.ts";
import type { MicroDollars } from "../core/ledger.ts";
import type { AutomaticMode, ModelPolicy, Policy, RoleChoice } from "../core/policy.ts";
import { parseDollars } from "./dollars.ts";
import { defaultPolicy } from "./policy-defaults.ts";
import type { PolicyFile } from "./policy-schema.ts";

type RolesInFile = Pick<NonNullable<PolicyFile["models"]>, "small" | "large">;

/** The first value that a file has; the files from the nearest to the farthest. */
function firstOf<Value>(
  files: readonly PolicyFile[],
  read: (file: PolicyFile) => Value | undefined,
): Value | undefined {
  return files.map(read).find((value) => value !== undefined);
}

const asList = (names: string | readonly string[] | undefined): readonly string[] | undefined =>
  typeof names === "string" ? [names] : names;

function mergeRoles(
  files: readonly PolicyFile[],
  read: (models: NonNullable<PolicyFile["models"]>) => RolesInFile | undefined,
): RoleChoice {
  const role = (name: "small" | "large") =>
    asList(firstOf(files, ({ models }) => models && read(models)?.[name]));
  return { small: role("small"), large: role("large") };
}

/** The schema lets only whole micro-dollars through. */
const microDollars = (dollars: number | undefined): MicroDollars | null =>
  dollars === undefined ? null : parseDollars(String(dollars));

function mergeModels(files: readonly PolicyFile[]): ModelPolicy {
  const agents = new Set(files.flatMap(({ models }) => Object.keys(models?.agents ?? {})));
  return {
    enabled: firstOf(files, ({ models }) => models?.enabled) ?? defaultPolicy.models.enabled,
    ...mergeRoles(files, (models) => models),
    agents: Object.fromEntries(
      [...agents].map((name) => [name, mergeRoles(files, ({ agents: choices }) => choices?.[name])]),
    ),
    budget: {
      run: microDollars(firstOf(files, ({ models }) => models?.budget?.run)),
      pull: microDollars(firstOf(files, ({ models }) => models?.budget?.pull)),
    },
  };
}

function mergeCommands(files: readonly PolicyFile[]): Commands {
  const chosen = commandNames.map(
    (name) => [name, firstOf(files, ({ commands }) => commands?.[name])] as const,
  );
  return Object.fromEntries(chosen.filter(([, command]) => command !== undefined));
}

const modeOf = (mode: AutomaticMode | false | undefined): AutomaticMode | undefined =>
  mode === false ? "off" : mode;

function mergeAuto(files: readonly PolicyFile[]): Policy["auto"] {
  const { auto } = defaultPolicy;
  return {
    checks: modeOf(firstOf(files, (file) => file.auto?.checks)) ?? auto.checks,
    conflicts: modeOf(firstOf(files, (file) => file.auto?.conflicts)) ?? auto.conflicts,
    ignoreLabels: firstOf(files, (file) => file.auto?.ignoreLabels) ?? auto.ignoreLabels,
    ignoreBranches: firstOf(files, (file) => file.auto?.ignoreBranches) ?? auto.ignoreBranches,
    drafts: firstOf(files, (file) => file.auto?.drafts) ?? auto.drafts,
  };
}

/** The policy that files make together, the nearest first; what none of them says is the default. Built-in protected paths always hold. */
export function mergePolicies(files: readonly PolicyFile[]): Policy {
  const pick = <Value>(read: (file: PolicyFile) => Value | undefined, fallback: Value): Value =>
    firstOf(files, read) ?? fallback;
  const { push, commit, conflicts, protectedPaths, ledger } = defaultPolicy;
  return {
    push: {
      mode: pick((file) => file.push?.mode, push.mode),
      bar: pick((file) => file.push?.bar, push.bar),
    },
    commit: {
      prefix: pick((file) => file.commit?.prefix, commit.prefix),
      signOff: pick((file) => file.commit?.signOff, commit.signOff),
    },
    conflicts: { ignore: pick((file) => file.conflicts?.ignore, conflicts.ignore) },
    protectedPaths: [...new Set([...protectedPaths, ...pick((file) => file.protectedPaths, [])])],
    commands: mergeCommands(files),
    regenerate: pick((file) => file.regenerate, defaultPolicy.regenerate),
    models: mergeModels(files),
    auto: mergeAuto(files),
    ledger: { contents: pick((file) => file.ledger?.contents, ledger.contents) },
  };
}
