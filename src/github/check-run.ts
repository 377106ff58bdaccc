// One check run per run: found by its external id, else made; annotations in requests of 50.
import { setTimeout as sleep } from "node:timers/promises";
import type { Annotation, CheckRun } from "../core/github.ts";
import type { PullRef } from "../core/pull.ts";
import { attempt, pageSize, readPages, write } from "./call.ts";
import { isAmbiguous, toAppError } from "./failure.ts";
import type { Client } from "./client.ts";
import { cut } from "./text.ts";

interface Made {
  readonly id: number;
  readonly url: string;
  /** How many annotations GitHub has of it; each update adds to them. */
  readonly annotated: number;
}

/** GitHub's limits (REST, "Check runs"): annotations a request, buttons, and characters. */
const limits = {
  annotations: 50,
  actions: 3,
  label: 20,
  description: 40,
  identifier: 20,
  summary: 65_535,
  title: 255,
};

const writing = { doing: "writing the check run", needs: "Checks: write" };

export async function upsertCheck(
  client: Client,
  pull: PullRef,
  check: CheckRun,
): Promise<Omit<Made, "annotated">> {
  const found = await findRun(client, pull, check);
  const made = found ? await update(client, pull, check, found) : await create(client, pull, check);
  return { id: made.id, url: made.url };
}

/** `filter: all`, because by default GitHub shows only the newest of a name, and another run's may be newer. */
async function findRun(client: Client, { owner, repo }: PullRef, check: CheckRun): Promise<Made | null> {
  const runs = await readPages(
    client,
    { doing: "looking for this run's check", needs: "Checks: read" },
    {
      request: (page) =>
        client.octokit.rest.checks.listForRef({
          owner,
          repo,
          ref: check.sha,
          check_name: check.name,
          app_id: client.appId,
          filter: "all",
          per_page: pageSize,
          page,
        }),
      items: (data) => data.check_runs,
    },
  );
  const mine = runs.filter((run) => run.external_id === check.runId);
  const oldest = mine.sort((a, b) => a.id - b.id)[0];
  return oldest ? madeOf(oldest) : null;
}

interface Answered {
  readonly id: number;
  readonly html_url: string | null;
  readonly output: { readonly annotations_count: number };
}

const madeOf = ({ id, html_url, output }: Answered): Made => ({
  id,
  url: html_url ?? "",
  annotated: output.annotations_count,
});

async function create(client: Client, pull: PullRef, check: CheckRun): Promise<Made> {
  const { owner, repo } = pull;
  const batch = check.annotations.slice(0, limits.annotations);
  const post = () =>
    attempt(client, () =>
      client.octokit.rest.checks.create({
        owner,
        repo,
        head_sha: check.sha,
        ...fields(check),
        output: output(check, batch),
      }),
    );
  let answer = await post();
  if (!answer.ok && isAmbiguous(answer.failure)) {
    client.log.warn({ pull, kind: answer.failure.kind }, "check run may have been written, looking for it");
    await sleep(client.limits.retryDelayMs);
    const found = await findRun(client, pull, check);
    if (found) return update(client, pull, check, found);
    answer = await post();
  }
  if (!answer.ok) throw toAppError(answer.failure, writing);
  const made = madeOf(answer.data);
  await annotate(client, pull, check, { ...made, annotated: batch.length });
  return made;
}

async function update(client: Client, pull: PullRef, check: CheckRun, made: Made): Promise<Made> {
  await patch(client, pull, check, { id: made.id, batch: nextBatch(check, made.annotated) });
  await annotate(client, pull, check, { ...made, annotated: made.annotated + limits.annotations });
  return made;
}

/** Sends what is beyond the first request. The same run has the same annotations, so those already there are not sent again. */
async function annotate(
  client: Client,
  pull: PullRef,
  check: CheckRun,
  { id, annotated }: Made,
): Promise<void> {
  for (let sent = annotated; sent < check.annotations.length; sent += limits.annotations) {
    await patch(client, pull, check, { id, batch: nextBatch(check, sent) });
  }
}

const nextBatch = ({ annotations }: CheckRun, from: number) =>
  annotations.slice(from, from + limits.annotations);

async function patch(
  client: Client,
  { owner, repo }: PullRef,
  check: CheckRun,
  { id, batch }: { id: number; batch: readonly Annotation[] },
): Promise<void> {
  await write(client, writing, () =>
    client.octokit.rest.checks.update({
      owner,
      repo,
      check_run_id: id,
      ...fields(check),
      output: output(check, batch),
    }),
  );
}

function fields(check: CheckRun) {
  return {
    name: check.name,
    external_id: check.runId,
    status: "completed" as const,
    conclusion: check.conclusion,
    actions: check.actions.slice(0, limits.actions).map(({ label, description, identifier }) => ({
      label: cut(label, limits.label),
      description: cut(description, limits.description),
      identifier: identifier.slice(0, limits.identifier),
    })),
  };
}

function output({ title, summary }: CheckRun, batch: readonly Annotation[]) {
  return {
    title: cut(title, limits.title),
    summary: cut(summary, limits.summary),
    annotations: batch.map(({ path, startLine, endLine, level, title, message }) => ({
      path,
      start_line: startLine,
      end_line: endLine,
      annotation_level: level,
      title: cut(title, limits.title),
      message: cut(message, limits.summary),
    })),
  };
}
