// News of an installation of the app as inbox items: gone, suspended, or without some of its repositories.
import type { z } from "zod";
import { hashBody } from "../core/command.ts";
import type { InboxItem, Notice } from "../core/command.ts";
import type * as payloads from "./payloads.ts";

const notice = (news: Notice): InboxItem => ({ kind: "notice", notice: news });

function addressesOf(named: readonly { readonly full_name: string }[]): { owner: string; repo: string }[] {
  return named.flatMap(({ full_name: name }) => {
    const [owner, repo] = name.split("/");
    return owner && repo ? [{ owner, repo }] : [];
  });
}

export function onInstallationDeleted({
  installation: { id },
  repositories,
}: z.infer<typeof payloads.installationChanged>): InboxItem[] {
  return [
    notice({
      kind: "installation-deleted",
      id: `installation/${id}/deleted`,
      installationId: id,
      repositories: addressesOf(repositories ?? []),
    }),
  ];
}

/** Who is suspended twice is told of it twice: the time that GitHub gives is not there in every payload. */
export function onInstallationSuspended(
  { installation }: z.infer<typeof payloads.installationChanged>,
  _: unknown,
  deliveryId: string,
): InboxItem[] {
  const { id, suspended_at: at } = installation;
  return [
    notice({
      kind: "installation-suspended",
      id: `installation/${id}/suspended/${at ?? ""}/${deliveryId}`,
      installationId: id,
    }),
  ];
}

/** Removed, added and removed again may bear one time: each delivery counts, and data is purged twice rather than not at all. */
export function onRepositoriesRemoved(
  payload: z.infer<typeof payloads.repositoriesRemoved>,
  _: unknown,
  deliveryId: string,
): InboxItem[] {
  const { installation, repositories_removed: removed } = payload;
  const repositories = addressesOf(removed);
  if (repositories.length === 0) return [];
  const which = removed.map(({ id }) => id).sort((a, b) => a - b);
  return [
    notice({
      kind: "repositories-removed",
      id: `installation/${installation.id}/removed/${installation.updated_at ?? ""}/${hashBody(which.join(","))}/${deliveryId}`,
      installationId: installation.id,
      repositories,
    }),
  ];
}
