// `git merge-tree --write-tree`: one merge without a work tree, its output read as bytes.
import { AppError } from "../core/errors.ts";
import type { Git, GitResult } from "./git.ts";
import { sideNames } from "./repository.ts";

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

/** The arguments of the merge; the private repository's two branches give the sides their names. */
const mergeTreeArguments = ["merge-tree", "--write-tree", "-z", "--messages", sideNames.head, sideNames.base];

/** `null` when git needed an object that is not here. Throws `AppError("workspace")` for any other failure. */
export async function mergeTree(git: Git): Promise<MergeTree | null> {
  const result = await git(mergeTreeArguments);
  if (result.code === 0 || result.code === 1) {
    return parseMergeTree(result.stdout.toString("latin1"), result.code === 0);
  }
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
function parseMergeTree(output: string, clean: boolean): MergeTree {
  const fields = output.split("\0");
  const tree = (fields[0] ?? "").trim();
  const end = fields.indexOf("", 1);
  const stages = parseStages(fields.slice(1, end));
  const messages: MergeMessage[] = [];
  let at = end + 1;
  while (at < fields.length - 1) {
    const count = Number(fields[at]);
    if (!Number.isInteger(count) || count < 0) throw unreadable();
    messages.push({
      rawPaths: fields.slice(at + 1, at + 1 + count),
      type: fields[at + 1 + count] ?? "",
      text: (fields[at + 2 + count] ?? "").trim(),
    });
    at += count + 3;
  }
  return { tree, clean, stages, messages };
}

/** Reads records of `MODE OID STAGE<tab>PATH`, as `merge-tree -z` and `ls-files -u -z` write them. */
export function parseStages(records: readonly string[]): RawStage[] {
  return records.map((record) => {
    const tab = record.indexOf("\t");
    const [mode = "", oid = "", digit = ""] = record.slice(0, tab).split(" ");
    const number = Number(digit);
    if (tab < 0 || (number !== 1 && number !== 2 && number !== 3)) throw unreadable();
    return { mode, oid, number, rawPath: record.slice(tab + 1) };
  });
}

function unreadable(): AppError {
  return new AppError("bug", "The conflicts that git listed could not be read.", {
    retryable: false,
    remedy: "Report this with the version of git that is installed.",
  });
}
