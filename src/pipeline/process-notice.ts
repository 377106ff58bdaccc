// News wider than one pull request: an installation that left, a branch that moved.
import type { Notice } from "../core/command.ts";
import { pullKey } from "../core/pull.ts";
import { askAfterBaseMoved } from "./automatic/base-moved.ts";
import { labelReverts } from "./label-reverts.ts";
import type { Services } from "./services.ts";

/** Purges what belongs to a removed installation; re-reads the pull requests whose proposal a push may have made stale. */
export async function processNotice(notice: Notice, services: Services): Promise<void> {
  const { store, log } = services;
  switch (notice.kind) {
    case "installation-deleted": {
      const cancelled = await store.purge(notice.installationId, { keepHistory: false });
      await services.forgetMirrors(notice.repositories);
      log.info(
        { installationId: notice.installationId, cancelled },
        "installation deleted, its data is purged",
      );
      return;
    }
    case "installation-suspended": {
      const cancelled = await store.purge(notice.installationId, { keepHistory: true });
      log.info(
        { installationId: notice.installationId, cancelled },
        "installation suspended, its queued work is cancelled",
      );
      return;
    }
    case "repositories-removed": {
      const { repositories } = notice;
      const cancelled = await store.purge(notice.installationId, { repositories, keepHistory: false });
      await services.forgetMirrors(repositories);
      log.info(
        { installationId: notice.installationId, cancelled },
        "repositories removed, their data is purged",
      );
      return;
    }
    case "branch-pushed":
      await refreshProposals(notice, services);
      await labelReverts(notice, services);
      await askAfterBaseMoved(notice, services);
  }
}

/** Asks for a re-read of each open proposal of the repository: the base it was made for may have moved. */
async function refreshProposals(
  notice: Extract<Notice, { kind: "branch-pushed" }>,
  { store, wakeUps }: Services,
): Promise<void> {
  for (const { pull } of await store.listPulls({ owner: notice.owner, repo: notice.repo }, "proposed")) {
    const id = `${notice.id}/${pull.number}`;
    const command = {
      id,
      pull,
      actor: { login: "github", type: "Bot" as const },
      verb: "refresh" as const,
      args: [],
      headSha: null,
      source: { kind: "event" as const, event: "push" },
    };
    await store.accept(id, { kind: "command", command });
    await wakeUps.wake(pullKey(pull));
  }
}
