// Test results among the artifacts of a workflow run.
import type { TestResult } from "../../core/checks.ts";
import type { PullRef } from "../../core/pull.ts";
import { pageSize, tryRead } from "../call.ts";
import type { Client } from "../client.ts";
import { visibleLine } from "../text.ts";
import { download } from "./download.ts";
import { troubleOf } from "./trouble.ts";
import { unzip } from "./unzip.ts";

/** Results of one file of an artifact; none where it is no report. It is given hostile bytes. */
export type ReadResults = (name: string, bytes: Uint8Array) => readonly TestResult[];

export interface ArtifactResults {
  /** At most 1,000, failed ones first. */
  readonly results: readonly TestResult[];
  readonly trouble: readonly string[];
}

const likelyName = /test|junit|report|results/i;
const likelyEntry = /\.(?:xml|json)$/i;
const mostArtifacts = 5;
const mostArchiveBytes = 10 * 1024 * 1024;
const mostResults = 1_000;
const entryLimits = {
  wanted: (name: string) => likelyEntry.test(name),
  entries: 200,
  entryBytes: 4 * 1024 * 1024,
  totalBytes: 32 * 1024 * 1024,
};
const needs = "Actions: read";

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
}

/** Throws the signal's reason alone; whatever cannot be read is a sentence. */
export async function readArtifacts(
  client: Client,
  pull: PullRef,
  {
    runId,
    read,
    signal,
  }: { readonly runId: number; readonly read: ReadResults; readonly signal: AbortSignal },
): Promise<ArtifactResults> {
  const { owner, repo } = pull;
  const answer = await tryRead(client, () =>
    client.octokit.rest.actions.listWorkflowRunArtifacts({
      ...{ owner, repo, run_id: runId, per_page: pageSize },
      request: { signal },
    }),
  );
  if (!answer.ok)
    return { results: [], trouble: [troubleOf(answer.failure, { what: "the artifacts", needs })] };
  const found = answer.data.artifacts
    .filter(({ name, expired }) => !expired && likelyName.test(name))
    .map(({ id, name, size_in_bytes: bytes }) => ({ id, name, bytes }));
  const trouble: string[] = [];
  const results: TestResult[] = [];
  for (const artifact of newestOfEachName(found).slice(0, mostArtifacts)) {
    const one = await readArtifact(client, pull, { artifact, read, signal });
    // One by one: a report may hold more than fit into the arguments of one call.
    for (const result of failedFirst(one.results).slice(0, mostResults)) results.push(result);
    if (one.trouble !== "") trouble.push(one.trouble);
  }
  return { results: failedFirst(results).slice(0, mostResults), trouble };
}

/** A run that is started again adds artifacts of the same names. */
function newestOfEachName(artifacts: readonly Artifact[]): readonly Artifact[] {
  const byName = new Map<string, Artifact>();
  for (const artifact of [...artifacts].sort((a, b) => a.id - b.id)) byName.set(artifact.name, artifact);
  return [...byName.values()];
}

const failedFirst = (results: readonly TestResult[]): readonly TestResult[] => [
  ...results.filter(({ status }) => status === "failed"),
  ...results.filter(({ status }) => status !== "failed"),
];

interface One {
  readonly artifact: Artifact;
  readonly read: ReadResults;
  readonly signal: AbortSignal;
}

async function readArtifact(
  client: Client,
  { owner, repo }: PullRef,
  { artifact, read, signal }: One,
): Promise<{ results: readonly TestResult[]; trouble: string }> {
  const what = `the artifact "${visibleLine(artifact.name, 80)}"`;
  const tooLarge = { results: [], trouble: `Of ${what} nothing was read: it is larger than 10 MB.` };
  if (artifact.bytes > mostArchiveBytes) return tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const trouble = await download(client, {
    ...{ what, needs, signal },
    ask: (options) =>
      client.octokit.request("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", {
        ...{ owner, repo, artifact_id: artifact.id, archive_format: "zip" },
        request: options,
      }),
    take: (bytes) => {
      size += bytes.length;
      chunks.push(bytes);
      return size <= mostArchiveBytes;
    },
  });
  if (trouble !== "") return { results: [], trouble };
  if (size > mostArchiveBytes) return tooLarge;
  const files = await unzip(Buffer.concat(chunks), entryLimits);
  if (files === null)
    return { results: [], trouble: `${what} is no zip archive that can be read.`.replace(/^t/, "T") };
  const leftOut =
    files.leftOut === 0 ? "" : `Of ${what}, ${files.leftOut} reports were too large, too many or damaged.`;
  return {
    results: files.entries.flatMap(({ name, bytes }) => readSafely(read, name, bytes)),
    trouble: leftOut,
  };
}

function readSafely(read: ReadResults, name: string, bytes: Uint8Array): readonly TestResult[] {
  try {
    return read(name, bytes);
  } catch {
    return [];
  }
}
