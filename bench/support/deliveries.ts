// Signed deliveries of comments, with redeliveries among them, the same on every run.
import { createHmac, randomUUID } from "node:crypto";
import { itemId } from "../../src/core/command.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { itemsFor } from "../../src/webhooks/events.ts";
import type { FakeGitHub } from "../../test/support/fake-github.ts";
import { seededRandom } from "./statistics.ts";

export interface SignedDelivery {
  /** X-GitHub-Delivery: the same for a redelivery. */
  readonly guid: string;
  readonly body: Buffer;
  readonly signature: string;
  /** The one inbox item that it must become. */
  readonly itemId: string;
}

export interface Deliveries {
  readonly unique: readonly SignedDelivery[];
  /** In the order of sending, redeliveries included. */
  readonly all: readonly SignedDelivery[];
}

/** Bytes of a delivery's body: a comment's payload with a comment of some length. */
const bodyBytes = 12_000;
/** A redelivery follows its delivery by at most so many others: some are under way at once, most are not. */
const longestGap = 400;
const seed = 20_260_101;

/** Comments `/agent help` by a person who may ask, spread over the pull requests; each is stored in the fake, so a worker can answer it. */
export function makeDeliveries(
  github: FakeGitHub,
  pulls: readonly PullRef[],
  { total, duplicateShare }: { total: number; duplicateShare: number },
): Deliveries {
  const random = seededRandom(seed);
  const duplicates = Math.round(total * duplicateShare);
  const unique = Array.from({ length: total - duplicates }, (_, index) => {
    const pull = pulls[index % pulls.length];
    if (!pull) throw new Error("There is no pull request to comment on.");
    return signedComment(github, pull);
  });
  const slots = unique.map((delivery, index) => ({ delivery, at: index }));
  for (let made = 0; made < duplicates; made++) {
    const index = Math.floor(random() * unique.length);
    const delivery = unique[index];
    if (delivery) slots.push({ delivery, at: index + random() * longestGap });
  }
  return { unique, all: slots.sort((one, other) => one.at - other.at).map(({ delivery }) => delivery) };
}

function signedComment(github: FakeGitHub, pull: PullRef): SignedDelivery {
  const small = github.comment(pull, "ann", "/agent help\n");
  const room = bodyBytes - JSON.stringify(small.payload).length;
  github.deleteComment(small.id);
  const { payload } = github.comment(pull, "ann", `/agent help\n${"x".repeat(Math.max(0, room))}`);
  const guid = randomUUID();
  const self = { appId: github.app.id, botLogin: null };
  const [item] = itemsFor("issue_comment.created", payload, self, guid);
  if (!item) throw new Error("The comment is not one that starts anything.");
  const body = Buffer.from(JSON.stringify(payload));
  const digest = createHmac("sha256", github.app.webhookSecret).update(body).digest("hex");
  return { guid, body, signature: `sha256=${digest}`, itemId: itemId(item) };
}
