// Refuses what no run can be asked for: paths that could lead out of the folder that they belong to.
import { AppError } from "../../core/errors.ts";
import type { SandboxLimits, SandboxRequest } from "../../core/sandbox.ts";

export function checkRequest(request: SandboxRequest): void {
  const paths = [...request.returns, ...request.reports];
  if (request.folder !== undefined && request.folder !== "") paths.push(request.folder);
  const wrong = paths.find((path) => !isInside(path));
  if (wrong !== undefined)
    throw refused(`The path ${JSON.stringify(wrong.slice(0, 200))} is not one inside a folder.`);
  if (request.argv.some((word) => word.includes("\0")))
    throw refused("An argument has a character that none can have.");
}

/** The request's limits over the operator's. */
export function limitsOf(request: SandboxRequest, limits: SandboxLimits): SandboxLimits {
  return { ...limits, ...request.limits };
}

/** Relative, plain, and going nowhere but down. */
export function isInside(path: string): boolean {
  return (
    !path.includes("\0") && path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

function refused(message: string): AppError {
  return new AppError("sandbox", message, {
    retryable: false,
    remedy: "Look at the commands and rules of the repository's agent.yml.",
  });
}
