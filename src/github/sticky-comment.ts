// The one comment of a pull request: found by id, else by its marker, else made; never made twice.
import { setTimeout as sleep } from "node:timers/promises";
import type { PullRef } from "../core/pull.ts";
import { attempt, pageSize, readPages } from "./call.ts";
import { isAmbiguous, toAppError } from "./failure.ts";
import type { Client } from "./client.ts";
import { stickyMarker } from "./render/marker.ts";

interface Comment {
  readonly id: number;
  readonly url: string;
}

/** Reads the answer to `botLogin` when it is needed: most calls know the comment's id. */
export interface StickyOptions {
  readonly pull: PullRef;
  readonly body: string;
  readonly knownId: number | null;
  readonly botLogin: () => Promise<string>;
}

const needs = "Issues: write, Pull requests: write";

export async function upsertComment(client: Client, options: StickyOptions): Promise<Comment> {
  const { pull, knownId } = options;
  const body = options.body.startsWith(stickyMarker) ? options.body : `${stickyMarker}\n${options.body}`;
  const known = knownId === null ? null : await edit(client, pull, knownId, body);
  if (known) return known;
  const found = await findOwn(client, options);
  const edited = found === null ? null : await edit(client, pull, found, body);
  return edited ?? create(client, { ...options, body });
}

/** `null` when the comment is gone. Editing twice is editing once, so a crash in between costs nothing. */
async function edit(
  client: Client,
  { owner, repo }: PullRef,
  id: number,
  body: string,
): Promise<Comment | null> {
  const answer = await attempt(client, () =>
    client.octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body }),
  );
  if (answer.ok) return { id: answer.data.id, url: answer.data.html_url };
  if (answer.failure.kind === "missing") return null;
  throw toAppError(answer.failure, { doing: "editing this app's comment", needs });
}

/**
 * The oldest of this app's own comments with the marker; newer ones are duplicates of a lost race and are deleted.
 * Anybody can write the marker: what somebody else wrote is never touched.
 */
async function findOwn(client: Client, { pull, botLogin }: StickyOptions): Promise<number | null> {
  const { owner, repo, number } = pull;
  const login = await botLogin();
  const comments = await readPages(
    client,
    { doing: "looking for this app's comment", needs: "Issues: read, Pull requests: read" },
    {
      request: (page) =>
        client.octokit.rest.issues.listComments({
          owner,
          repo,
          issue_number: number,
          per_page: pageSize,
          page,
        }),
      items: (data) => data,
    },
  );
  const own = comments
    .filter(
      (comment) => comment.performed_via_github_app?.id === client.appId || comment.user?.login === login,
    )
    .filter(({ body }) => body?.startsWith(stickyMarker))
    .map(({ id }) => id)
    .sort((a, b) => a - b);
  const [first, ...duplicates] = own;
  for (const id of duplicates) await remove(client, pull, id);
  return first ?? null;
}

async function remove(client: Client, { owner, repo }: PullRef, id: number): Promise<void> {
  const answer = await attempt(client, () =>
    client.octokit.rest.issues.deleteComment({ owner, repo, comment_id: id }),
  );
  if (answer.ok || answer.failure.kind === "missing") return;
  throw toAppError(answer.failure, { doing: "deleting a duplicate of this app's comment", needs });
}

/** Two tries at most, and a look in between: a comment can be there although its answer was an error. */
async function create(client: Client, options: StickyOptions): Promise<Comment> {
  const { owner, repo, number } = options.pull;
  const { body } = options;
  const post = () =>
    attempt(client, () =>
      client.octokit.rest.issues.createComment({ owner, repo, issue_number: number, body }),
    );
  const first = await post();
  if (first.ok) return { id: first.data.id, url: first.data.html_url };
  const intent = { doing: "writing this app's comment", needs };
  if (!isAmbiguous(first.failure)) throw toAppError(first.failure, intent);

  client.log.warn(
    { pull: options.pull, kind: first.failure.kind },
    "comment may have been written, looking for it",
  );
  await sleep(client.limits.retryDelayMs);
  const found = await findOwn(client, options);
  const written = found === null ? null : await edit(client, options.pull, found, body);
  if (written) return written;
  const second = await post();
  if (!second.ok) throw toAppError(second.failure, intent);
  // The first may have come to light since: the oldest stays, the other goes.
  const kept = await findOwn(client, options);
  if (kept === null || kept === second.data.id) return { id: second.data.id, url: second.data.html_url };
  return (await edit(client, options.pull, kept, body)) ?? { id: second.data.id, url: second.data.html_url };
}
