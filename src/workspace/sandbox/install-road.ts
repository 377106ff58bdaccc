// The seam to what lets an install reach the registries: made for one run, closed after it.
import type { SandboxResult } from "../../core/sandbox.ts";
import type { Mount } from "./dependency-mounts.ts";

export interface InstallRoad {
  /** Put into the sandbox read-only: the proxy's socket, and a file of certificates where one is needed. */
  readonly binds: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  /** The command with what connects it to the road in front. */
  readonly argv: (argv: readonly [string, ...string[]]) => [string, ...string[]];
  /** What went wrong on the way so far, as `SandboxResult.troubles` has it. */
  readonly troubles: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** The result of a run, with what went wrong on its way to the registries. */
export function withTroubles(result: SandboxResult, road: InstallRoad): SandboxResult {
  const troubles = road.troubles();
  return troubles.length === 0 ? result : { ...result, troubles };
}

/**
 * For a sandbox with no network: an empty folder of this run for a socket, and who the run is (`null`: the worker's own user). For a program that runs with no
 * isolation at all: a port of this machine, and nothing is bound.
 */
export type RoadPlace = { readonly folder: string; readonly user: number | null } | "loopback";

/** Throws `AppError("sandbox")` where no registry may be reached. */
export type OpenInstallRoad = (place: RoadPlace) => Promise<InstallRoad>;
