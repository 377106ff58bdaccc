// What every event is turned into: a command, by whom and on which pull request.
import type { z } from "zod";
import type { Actor, Command, InboxItem } from "../core/command.ts";
import type * as payloads from "./payloads.ts";

/** Who we are, so that we never answer ourselves. */
export interface Self {
  readonly appId: number;
  /** "errand[bot]"; `null` while unknown: news of our own pushes then looks like anybody's, and starts nothing either. */
  readonly botLogin: string | null;
}

export type Origin = Pick<z.infer<typeof payloads.push>, "installation" | "repository" | "sender">;

interface Asked {
  readonly id: string;
  readonly number: number;
  readonly verb: Command["verb"];
  readonly args?: readonly string[];
  readonly headSha: string | null;
  readonly source: Command["source"];
}

export function command({ installation, repository, sender }: Origin, asked: Asked): InboxItem {
  const { id, number, verb, args = [], headSha, source } = asked;
  const pull = {
    installationId: installation.id,
    owner: repository.owner.login,
    repo: repository.name,
    number,
  };
  return { kind: "command", command: { id, pull, actor: sender, verb, args: [...args], headSha, source } };
}

/** Programs ask for nothing: what they write is as often as not a repetition of what somebody else wrote. */
export const isPerson = ({ login, type }: Actor): boolean =>
  type === "User" && !login.toLowerCase().endsWith("[bot]");
