// What kind of conflict each path is, and one sentence for a person on what each side did.
import type { Conflict, ConflictKind, Stage } from "../core/conflict.ts";
import type { MergeMessage, MergeTree, RawStage } from "./merge-tree.ts";
import { pathText } from "./tree-diff.ts";

export interface ClassifyOptions {
  /** Size of each stage's blob in bytes; absent or `null` where it is too large to have been fetched. */
  readonly sizes: ReadonlyMap<string, number | null>;
  readonly blobBytes: number;
  /** How the two sides are named in sentences; by default as a pull request's. */
  readonly names?: SideNames;
}

interface SideNames {
  readonly ours: string;
  readonly theirs: string;
}

const pullNames: SideNames = { ours: "the pull request", theirs: "the base branch" };

interface Case {
  readonly path: string;
  readonly utf8: boolean;
  readonly base: Stage | null;
  readonly ours: Stage | null;
  readonly theirs: Stage | null;
  /** Git's own words on this path: types, and texts for paths. */
  readonly messages: readonly MergeMessage[];
  readonly tooLarge: boolean;
  readonly names: SideNames;
}

/** The conflicts of a merge in path order; empty when git merged it alone. */
export function classifyConflicts(merge: MergeTree, options: ClassifyOptions): Conflict[] {
  if (merge.clean) return [];
  const byPath = new Map<string, RawStage[]>();
  for (const stage of merge.stages) {
    byPath.set(stage.rawPath, [...(byPath.get(stage.rawPath) ?? []), stage]);
  }
  const told = messagesByPath(merge.messages);
  const staged = [...byPath].map(([rawPath, stages]) =>
    conflictOf(rawPath, stages, told.get(rawPath) ?? [], options),
  );
  return [...staged, ...unstaged(merge, byPath)];
}

function messagesByPath(messages: readonly MergeMessage[]): Map<string, MergeMessage[]> {
  const byPath = new Map<string, MergeMessage[]>();
  for (const message of messages) {
    for (const rawPath of new Set(message.rawPaths)) {
      const known = byPath.get(rawPath);
      if (known === undefined) byPath.set(rawPath, [message]);
      else known.push(message);
    }
  }
  return byPath;
}

/** Conflicts that leave no stage in the index: a directory that was split, a place that is taken. */
function unstaged(merge: MergeTree, byPath: ReadonlyMap<string, unknown>): Conflict[] {
  const told = merge.messages.filter(
    ({ type, rawPaths }) => type.startsWith("CONFLICT") && !rawPaths.some((rawPath) => byPath.has(rawPath)),
  );
  const paths = new Set(told.map(({ rawPaths }) => rawPaths[0] ?? ""));
  const toldOf = messagesByPath(told);
  return [...paths].map((rawPath) =>
    conflictOf(rawPath, [], toldOf.get(rawPath) ?? [], { sizes: new Map(), blobBytes: Infinity }),
  );
}

function conflictOf(
  rawPath: string,
  stages: readonly RawStage[],
  /** On this path. */
  messages: readonly MergeMessage[],
  options: ClassifyOptions,
): Conflict {
  const path = pathText(rawPath);
  const shown = path ?? Buffer.from(rawPath, "latin1").toString("utf8");
  const stage = (number: 1 | 2 | 3): Stage | null => {
    const found = stages.find((candidate) => candidate.number === number);
    return found === undefined ? null : { oid: found.oid, mode: found.mode, path: shown };
  };
  const conflict: Case = {
    path: shown,
    utf8: path !== null,
    base: stage(1),
    ours: stage(2),
    theirs: stage(3),
    names: options.names ?? pullNames,
    messages,
    tooLarge: stages.some(({ oid, mode }) => {
      if (mode === "160000") return false;
      const size = options.sizes.get(oid) ?? null;
      return size === null || size > options.blobBytes;
    }),
  };
  const kind = kindOf(conflict);
  return {
    kind,
    path: shown,
    base: conflict.base,
    ours: conflict.ours,
    theirs: conflict.theirs,
    // JSON's quotes: a path cannot break out of its sentence.
    explanation: `${capitalised(sentences[kind](JSON.stringify(shown), conflict))}.`,
  };
}

/** Git's short message types (merge-ort), from the most telling to the least. */
const kindsByMessage: readonly (readonly [RegExp, ConflictKind])[] = [
  [/submodule/, "submodule"],
  [/file\/directory/, "file-directory"],
  [/distinct (?:modes|types)/, "distinct-types"],
  [/rename\/rename/, "rename-rename"],
  [/rename\/delete/, "rename-delete"],
  [/rename involved in collision/, "rename-add"],
  [/directory rename|implicit dir/, "directory-rename"],
];

function kindOf(conflict: Case): ConflictKind {
  if (!conflict.utf8) return "other";
  const modes = stagesOf(conflict).map(({ mode }) => mode);
  if (modes.includes("160000")) return "submodule";
  const told = kindsByMessage.find(([type]) => conflict.messages.some((message) => type.test(message.type)));
  if (told !== undefined) return told[1];
  if (modes.includes("120000")) return "symlink";
  return conflict.tooLarge ? "too-large" : kindOfFile(conflict);
}

/** The kind where every stage there is is a regular file of a size that can be read. */
function kindOfFile(conflict: Case): ConflictKind {
  const { base, ours, theirs, messages } = conflict;
  if (ours === null || theirs === null) return base === null ? "other" : "modify-delete";
  if (messages.some(({ type }) => type.includes("binary"))) return "binary";
  if (modesConflict(conflict)) return "mode";
  return base === null ? "both-added" : "content";
}

function stagesOf({ base, ours, theirs }: Case): Stage[] {
  return [base, ours, theirs].filter((stage) => stage !== null);
}

function modesConflict({ base, ours, theirs }: Case): boolean {
  return ours?.mode !== theirs?.mode && ours?.mode !== base?.mode && theirs?.mode !== base?.mode;
}

type Explain = (name: string, conflict: Case) => string;

const sentences: Readonly<Record<ConflictKind, Explain>> = {
  content: (name, { names }) => `Both ${names.ours} and ${names.theirs} changed the same part of ${name}`,
  "both-added": (name, { names }) =>
    `Both ${names.ours} and ${names.theirs} added ${name}, with different contents`,
  "modify-delete": (name, { ours, names }) =>
    ours === null
      ? `${names.ours} deleted ${name}, and ${names.theirs} changed it`
      : `${names.ours} changed ${name}, and ${names.theirs} deleted it`,
  mode: (name, { ours, theirs, names }) =>
    `${names.ours} made ${name} ${modeName(ours)}, and ${names.theirs} made it ${modeName(theirs)}`,
  binary: (name, { names }) => `Both ${names.ours} and ${names.theirs} changed ${name}, which is not text`,
  submodule: (name, { ours, theirs, names }) =>
    `${names.ours} has ${pointer(ours)} at ${name}, and ${names.theirs} has ${pointer(theirs)}`,
  symlink: (name, { ours, theirs, names }) =>
    `${names.ours} has ${pointer(ours)} at ${name}, and ${names.theirs} has ${pointer(theirs)}`,
  "too-large": (name) => `Both sides touched ${name}, and one of its versions is larger than the size limit`,
  "distinct-types": (name, conflict) =>
    `The sides have different types of file under one name, and ${name} is one of them${inGitsWords(conflict)}`,
  "rename-rename": (name, conflict) =>
    `Both sides renamed one file to different names, or two files to one name; ${name} is one of them${inGitsWords(conflict)}`,
  "rename-delete": (name, conflict) =>
    `One side renamed a file, and the other deleted it; ${name} is one of its names${inGitsWords(conflict)}`,
  "rename-add": (name, conflict) =>
    `One side renamed a file to ${name}, and the other added a file of that name${inGitsWords(conflict)}`,
  "directory-rename": (name, conflict) =>
    `One side renamed a directory, and the other put ${name} where it used to be${inGitsWords(conflict)}`,
  "file-directory": (name, conflict) =>
    `One side has a file where the other has a directory, so git moved the file to ${name}${inGitsWords(conflict)}`,
  other: (name, conflict) =>
    conflict.utf8
      ? `Git could not merge ${name}${inGitsWords(conflict)}`
      : `The path ${name} is not valid UTF-8, so it can only be merged by hand`,
};

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const maxQuoted = 300;

function inGitsWords({ messages }: Case): string {
  const text = messages.find(({ type }) => type.startsWith("CONFLICT"))?.text;
  if (text === undefined) return "";
  const line = Buffer.from(text, "latin1")
    .toString("utf8")
    .replace(/^CONFLICT ?\([^)]*\): /, "")
    .replaceAll(/\s+/g, " ")
    .replace(/\.$/, "");
  return ` (${line.length > maxQuoted ? `${line.slice(0, maxQuoted)}…` : line})`;
}

function modeName(stage: Stage | null): string {
  return stage?.mode === "100755" ? "executable" : "not executable";
}

function pointer(stage: Stage | null): string {
  if (stage === null) return "nothing";
  if (stage.mode === "160000") return `a submodule at ${stage.oid.slice(0, 10)}`;
  return stage.mode === "120000" ? "a symbolic link" : "a regular file";
}
