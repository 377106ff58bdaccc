// `git merge-tree --write-tree`: one merge without a work tree, its output read as bytes.
import { AppError } from "../core/errors.ts";
import type { Git, GitResult } from "./git.ts";
import { defaultLimits } from "./limits.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { sideNames } from "./repository.ts";
import { listTooLong, tooManyConflicts } from "./too-many-files.ts";

export interface RawStage {
  readonly mode: string;
  readonly oid: string;
  /** 1: base, 2: ours, 3: theirs. */
  readonly number: 1 | 2 | 3;
  readonly rawPath: string;
}

/** What git says of one or more paths. `type` is stable between versions, `text` is for people. */
export interface MergeMessage {
  readonly rawPaths: readonly string[];
  readonly type: string;
  readonly text: string;
}

export interface MergeTree {
  readonly tree: string;
  readonly clean: boolean;
  readonly stages: readonly RawStage[];
  readonly messages: readonly MergeMessage[];
}

const mergeTreeArguments = ["merge-tree", "--write-tree", "-z", "--messages"];

/** Two commits, by branch or by sha. */
interface MergeSides {
  readonly ours: string;
  readonly theirs: string;
}

/** The private repository's two branches give the sides their names. */
const ownBranches: MergeSides = { ours: sideNames.head, theirs: sideNames.base };

type MergeLimits = Pick<WorkspaceLimits, "conflictedPaths" | "listingBytes">;

/**
 * `null` when git needed an object that is not here. Throws `AppError("workspace")` for any other failure, and when more than
 * `limits.conflictedPaths` conflict or their list is too long.
 */
export async function mergeTree(
  git: Git,
  limits: MergeLimits = defaultLimits,
  { ours, theirs }: MergeSides = ownBranches,
): Promise<MergeTree | null> {
  const result = await git([...mergeTreeArguments, ours, theirs], { maxOutputBytes: limits.listingBytes });
  if (result.stopped === "output") throw listTooLong(limits.listingBytes);
  if (result.code === 0 || result.code === 1) return parseMergeTree(result, limits);
  if (isMissingObject(result)) return null;
  const reason = result.stopped === null ? result.stderr : "it needs files larger than the size limit";
  throw new AppError("workspace", `Git could not merge the two commits: ${reason}`, {
    retryable: false,
    remedy: "Try the same merge by hand; if it works there, report this as a bug.",
  });
}

function isMissingObject(result: GitResult): boolean {
  return /unable to read|could not read|missing (?:blob|object)|unable to load/i.test(result.stderr);
}

/**
 * Parses the `-z` output, one character per byte: the tree, then one record per stage, an empty record, then messages as
 * count, paths, type, text.
 */
function parseMergeTree({ code, stdout }: GitResult, { conflictedPaths }: MergeLimits): MergeTree {
  const fields = fieldsOf(stdout);
  const tree = (fields.next().value ?? "").trim();
  const stages: RawStage[] = [];
  let paths = 0;
  for (let record = fields.next(); !record.done && record.value !== ""; record = fields.next()) {
    const stage = parseStage(record.value);
    // Stages of one path come together.
    if (stage.rawPath !== stages.at(-1)?.rawPath) paths++;
    if (paths > conflictedPaths) throw tooManyConflicts(conflictedPaths);
    stages.push(stage);
  }
  return { tree, clean: code === 0, stages, messages: parseMessages(fields) };
}

function parseMessages(fields: Generator<string, undefined>): MergeMessage[] {
  const messages: MergeMessage[] = [];
  for (let field = fields.next(); !field.done; field = fields.next()) {
    const count = Number(field.value);
    if (!Number.isInteger(count) || count < 0) throw unreadable();
    const rawPaths = Array.from({ length: count }, () => fields.next().value ?? "");
    const type = fields.next().value ?? "";
    const text = (fields.next().value ?? "").trim();
    // A merged file is none that anything is said of.
    if (type !== "Auto-merging") messages.push({ rawPaths, type, text });
  }
  return messages;
}

/** Fields that end with NUL. What follows the last is advice for people (on submodules), and no part of the format. */
function* fieldsOf(output: Buffer): Generator<string, undefined> {
  let at = 0;
  for (let end = output.indexOf(0); end >= 0; end = output.indexOf(0, at)) {
    yield output.toString("latin1", at, end);
    at = end + 1;
  }
}

/** Reads records of `MODE OID STAGE<tab>PATH`, as `merge-tree -z` and `ls-files -u -z` write them. */
export function parseStages(records: readonly string[]): RawStage[] {
  return records.map(parseStage);
}

function parseStage(record: string): RawStage {
  const tab = record.indexOf("\t");
  const [mode = "", oid = "", digit = ""] = record.slice(0, tab).split(" ");
  const number = Number(digit);
  if (tab < 0 || (number !== 1 && number !== 2 && number !== 3)) throw unreadable();
  return { mode, oid, number, rawPath: record.slice(tab + 1) };
}

function unreadable(): AppError {
  return new AppError("bug", "The conflicts that git listed could not be read.", {
    retryable: false,
    remedy: "Report this with the version of git that is installed.",
  });
}
