// What the operator decides about the sandbox: which driver, as whom, within which limits, and which registries an install may reach.
import type { SandboxLimits } from "./sandbox.ts";

export interface SandboxSettings {
  /** `off`: nothing of a repository is ever run. `none`: run with no isolation at all, for machines that are a sandbox themselves. */
  readonly driver: "bwrap" | "container" | "none" | "off";
  /** Absolute folder that holds dependency folders and scratch. The sandbox's user must be able to pass through it and all folders above it. */
  readonly directory: string;
  /**
   * First user id of the range that runs drop to when the worker is root: each run that is under way has an id of its own, this plus the lowest free
   * slot, and the group of the same number. `null`: a worker that is root refuses to run anything.
   */
  readonly user: number | null;
  /** For requests that name none of their own. */
  readonly limits: SandboxLimits;
  /** Registries that an install may reach: "host", or "host:port" where the port is not 443. */
  readonly registries: readonly string[];
  /** Absolute folders that are read-only in the sandbox and in front of its PATH: "/opt/node/bin". */
  readonly tools: readonly string[];
  /** For the driver `container`. */
  readonly container: { readonly runtime: "docker" | "podman"; readonly image: string };
}

/** Limits where the operator sets none: what the tests of most repositories pass within, on a machine with 8 GB. */
export const defaultSandboxLimits: SandboxLimits = {
  wallMs: 10 * 60_000,
  cpuMs: 20 * 60_000,
  memoryBytes: 4 * 1024 ** 3,
  processes: 512,
  outputBytes: 64 * 1024 * 1024,
  diskBytes: 2 * 1024 ** 3,
};
