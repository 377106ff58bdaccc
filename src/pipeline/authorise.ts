// Who may ask for what, asked live: payloads and stored roles can be stale.
import { hashBody } from "../core/command.ts";
import type { Command, Verb } from "../core/command.ts";
import { mayPush } from "../core/pull.ts";
import { refusalOf } from "./permanent-failure.ts";
import type { Services } from "./services.ts";

/** `why` is for the person who asked. `known`: somebody with write access, whose words may be repeated to others. */
export type Authority =
  { readonly granted: true; readonly known: boolean } | { readonly granted: false; readonly why: string };

/**
 * What only tells, and changes nothing, is answered to everyone who can comment: whoever opened the pull request from a fork has the same
 * question as a maintainer. The answer goes into the one sticky comment, edited in place, so that no number of questions makes noise.
 */
const openToEveryone: ReadonlySet<Verb> = new Set(["help", "status"]);

/** Whether the command may be carried out: the comment and the asker's permission as they are now. What GitHub will not tell is a no. */
export async function authorise(command: Command, services: Pick<Services, "githubFor">): Promise<Authority> {
  try {
    return await ask(command, services);
  } catch (error) {
    const why = refusalOf(error);
    if (why === null) throw error;
    return { granted: false, why };
  }
}

async function ask(command: Command, { githubFor }: Pick<Services, "githubFor">): Promise<Authority> {
  const github = githubFor(command.pull.installationId);
  if (command.source.kind === "comment") {
    const body = await github.commentBody(command.pull, command.source);
    if (body === null || hashBody(body) !== command.source.bodyHash) {
      const why =
        "The comment was edited or deleted before it was read. Errand acts only on a comment as it was first written: please write it again.";
      return { granted: false, why };
    }
  }
  const permission = await github.permission(command.pull, command.actor.login);
  if (mayPush(permission)) return { granted: true, known: true };
  if (openToEveryone.has(command.verb)) return { granted: true, known: false };
  const why = `This needs write access to the repository; ${command.actor.login} has "${permission}". Ask a maintainer to write the comment.`;
  return { granted: false, why };
}
