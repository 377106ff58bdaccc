// What the operator's variables on the sandbox say together.
import path from "node:path";
import { defaultSandboxLimits } from "../core/sandbox-settings.ts";
import type { SandboxSettings } from "../core/sandbox-settings.ts";
import { problem } from "./read-variables.ts";
import type { Values } from "./read-variables.ts";

/** Where packages of the ecosystems that are known come from, and nothing else that these hosts' owners run. */
const publicRegistries: readonly string[] = [
  "registry.npmjs.org",
  "registry.yarnpkg.com",
  "pypi.org",
  "files.pythonhosted.org",
  "index.crates.io",
  "static.crates.io",
  "crates.io",
  "proxy.golang.org",
  "sum.golang.org",
];

/** 60800 to 60863 lie in what systemd's table of user ids (systemd.io/UIDS-GIDS) calls unused, and below 65536, which is all that many containers have. */
const FIRST_USER_ID = 60_800;

/** Not below ERRAND_CACHE_DIR: the mirrors' folder is for the worker alone, and the sandbox's user has to get to this one. */
const ROOTS_DIRECTORY = "/var/cache/errand-sandbox";

const DEFAULT_IMAGE = "docker.io/library/node:22-bookworm";

const isRoot = (): boolean => process.geteuid?.() === 0;

/** What the values contradict; call it only where each was found good by itself. */
export function sandboxProblems({
  ERRAND_SANDBOX: driver,
  ERRAND_UNSAFE_NO_SANDBOX: unsafe,
}: Values): string[] {
  if (driver === undefined || unsafe === undefined) return [];
  return [
    problem("ERRAND_UNSAFE_NO_SANDBOX", "must not be set beside ERRAND_SANDBOX: take one of the two away"),
  ];
}

export function sandboxWarnings({ ERRAND_UNSAFE_NO_SANDBOX: unsafe }: Values): string[] {
  if (unsafe === undefined) return [];
  return [
    "ERRAND_UNSAFE_NO_SANDBOX is set: the code of every pull request that is served runs as this user and can read and send what this user can; take it away unless this machine is a sandbox itself",
  ];
}

/** The settings of values without problems. `cacheDirectory` is absolute. */
export function sandboxSettingsOf(values: Values, cacheDirectory: string): SandboxSettings {
  const unsafe = values.ERRAND_UNSAFE_NO_SANDBOX !== undefined;
  return {
    driver: unsafe ? "none" : (values.ERRAND_SANDBOX ?? "bwrap"),
    directory:
      values.ERRAND_SANDBOX_DIR ?? (isRoot() ? ROOTS_DIRECTORY : path.join(cacheDirectory, "sandbox")),
    user: values.ERRAND_SANDBOX_UID ?? FIRST_USER_ID,
    limits: {
      ...defaultSandboxLimits,
      memoryBytes: values.ERRAND_SANDBOX_MEMORY ?? defaultSandboxLimits.memoryBytes,
    },
    registries: [...new Set(values.ERRAND_SANDBOX_REGISTRIES ?? publicRegistries)],
    tools: values.ERRAND_SANDBOX_TOOLS ?? [],
    container: {
      runtime: values.ERRAND_SANDBOX_RUNTIME ?? "docker",
      image: values.ERRAND_SANDBOX_IMAGE ?? DEFAULT_IMAGE,
    },
  };
}
