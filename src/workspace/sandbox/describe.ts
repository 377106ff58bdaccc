// What a sandbox that works rests on, in words for the operator.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Sandbox } from "../../core/sandbox.ts";
import type { SandboxSettings } from "../../core/sandbox-settings.ts";
import { openControlGroups } from "./cgroups.ts";
import type { ControlGroups } from "./cgroups.ts";

/** Parts of a sentence: program and version, as whom runs are started, what bounds them. What cannot be found out is left out. */
export async function describeSandbox(
  driver: Sandbox["driver"],
  settings: SandboxSettings,
): Promise<readonly string[]> {
  switch (driver) {
    case "bwrap":
      return [await bubblewrap(), userWords(settings), boundsWords(await groupsHere())];
    case "container":
      return [`${settings.container.runtime} with the image ${settings.container.image}, experimental`];
    case "none":
      return ["no isolation at all: code of pull requests runs as this user"];
  }
}

/** "bubblewrap 0.8.0", as it says itself. */
async function bubblewrap(): Promise<string> {
  const options = { env: { PATH: "/usr/bin:/bin:/usr/local/bin:/usr/sbin" } };
  const said = await promisify(execFile)("bwrap", ["--version"], options).catch(() => null);
  const version = /^bubblewrap \d[\w.+-]{0,30}$/m.exec(said?.stdout ?? "")?.[0];
  return version ?? "bubblewrap";
}

function userWords({ user }: SandboxSettings): string {
  return process.geteuid?.() === 0 && user !== null ? `user ids from ${user}` : "this very user";
}

async function groupsHere(): Promise<ControlGroups | null> {
  const own = await readFile("/proc/self/cgroup", "utf8").catch(() => "");
  return await openControlGroups({ root: "/sys/fs/cgroup", own, pid: process.pid });
}

/** What no group bounds is looked at several times a second, and the run is ended where it is too much. */
export function boundsWords(groups: Pick<ControlGroups, "generation" | "bounds"> | null): string {
  const parts = [
    ["memory", groups?.bounds.memory],
    ["processes", groups?.bounds.processes],
    ["processor time", groups?.bounds.cpu],
  ] as const;
  const held = parts.filter(([, bound]) => bound).map(([name]) => name);
  const watched = parts.filter(([, bound]) => !bound).map(([name]) => name);
  return [
    ...(held.length === 0 ? [] : [`${sentence(held)} by control groups v${groups?.generation ?? 2}`]),
    ...(watched.length === 0
      ? []
      : [`${sentence(watched)} by looking on, since no control group can be written`]),
  ].join("; ");
}

const sentence = (names: readonly string[]): string =>
  new Intl.ListFormat("en-GB", { type: "conjunction" }).format(names);
