// Who may what, asked live: a role in a webhook's payload can be stale, and membership of an organisation is no right.
import type { Permission, PullRef } from "../core/pull.ts";
import { readOrNull } from "./call.ts";
import type { Client } from "./client.ts";

/** `permission` is GitHub's old, coarse answer; `role_name` tells maintain from write and triage from read, or names a custom role. */
export async function permissionOf(client: Client, pull: PullRef, login: string): Promise<Permission> {
  const intent = {
    doing: `asking what ${login} may do in ${pull.owner}/${pull.repo}`,
    needs: "Metadata: read",
  };
  const answer = await readOrNull(client, intent, () =>
    client.octokit.rest.repos.getCollaboratorPermissionLevel({
      owner: pull.owner,
      repo: pull.repo,
      username: login,
    }),
  );
  if (answer === null || !isSameUser(answer.user?.login, login)) return "none";
  return permissionFrom(answer.permission, answer.role_name);
}

/** GitHub follows a renamed account to its new name, and the old name may be somebody else's by now. */
const isSameUser = (answered: string | undefined, asked: string): boolean =>
  answered?.toLowerCase() === asked.toLowerCase();

/** The role only refines what the permission says: a custom role may carry any name. */
function permissionFrom(permission: string, role: string): Permission {
  switch (permission) {
    case "admin":
      return "admin";
    case "write":
      return role === "maintain" ? "maintain" : "write";
    case "read":
      return role === "triage" ? "triage" : "read";
    default:
      return "none";
  }
}
