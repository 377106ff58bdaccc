// Who asks, and may they: App tokens (JWT), installation tokens, and the permission each route needs.
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { notFound, Refusal, type Principal } from "./http.ts";
import type { InstallationToken, Level, Permissions, Repository, State } from "./state.ts";

const TEN_MINUTES_S = 600;
/** GitHub allows clocks to differ a little. */
const DRIFT_S = 60;
const TOKEN_LIFE_MS = 3_600_000;

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString()) as unknown;
  } catch {
    return null;
  }
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, message);
}

/** Checks the lifetime of an App's token, in GitHub's words. */
function checkLifetime({ iat, exp }: Claims): void {
  const now = Date.now() / 1000;
  if (typeof exp !== "number" || exp < now) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + TEN_MINUTES_S)
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== "number" || iat > now + DRIFT_S) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
}

/** Verifies an App's JSON Web Token as GitHub does: RS256, its issuer, and a life of at most ten minutes. */
function verifyAppToken(state: State, token: string): void {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const algorithm = (decode(header) as { alg?: unknown } | null)?.alg;
  const key = createPublicKey(state.app.publicKey);
  const signed = Buffer.from(`${header}.${payload}`);
  if (algorithm !== "RS256" || !verify("sha256", signed, key, Buffer.from(signature, "base64url"))) {
    throw unauthorized("A JSON web token could not be decoded");
  }
  const claims = (decode(payload) ?? {}) as Claims;
  if (![String(state.app.id), state.app.clientId].includes(String(claims.iss)))
    throw unauthorized("Integration not found");
  checkLifetime(claims);
}

/** The installation token, if it is one that GitHub would still honour. */
export function liveToken(state: State, token: string): InstallationToken | null {
  const known = state.tokens.get(token);
  if (known === undefined || known.expiresAt <= Date.now()) return null;
  const installation = state.installations.get(known.installationId);
  return installation?.suspendedAt === null ? known : null;
}

/** Reads the `Authorization` header of an API request. Throws 401 for credentials that are no good. */
export function authenticate(state: State, authorization: string | undefined): Principal {
  if (authorization === undefined) return { kind: "anonymous" };
  const [scheme = "", credential = ""] = authorization.split(/ +/);
  if (!/^(bearer|token)$/i.test(scheme)) throw unauthorized("Bad credentials");
  if (credential.split(".").length === 3) {
    verifyAppToken(state, credential);
    return { kind: "app" };
  }
  const token = liveToken(state, credential);
  if (token === null) throw unauthorized("Bad credentials");
  return { kind: "installation", token };
}

/** May this token see the repository at all? */
export function covers(state: State, token: InstallationToken, repository: Repository): boolean {
  const installation = state.installations.get(token.installationId);
  return (
    repository.installed &&
    installation?.account.id === repository.owner.id &&
    (token.repositoryIds === null || token.repositoryIds.includes(repository.id))
  );
}

export function hasPermission(permissions: Permissions, name: string, level: Level): boolean {
  const held = permissions[name];
  return held === "write" || (held === "read" && level === "read");
}

/** One of these is enough, as where GitHub takes either `issues` or `pull_requests`. */
export type Needs = readonly (readonly [permission: string, level: Level])[];

/**
 * Throws as GitHub refuses: 404 for a private repository the token does not cover, 403 where a permission is missing.
 * A public repository is open for reading to every token, as on GitHub.
 */
export function requirePermission(
  state: State,
  principal: Principal,
  repository: Repository,
  needs: Needs,
): void {
  const readable = !repository.private && needs.some(([, level]) => level === "read");
  if (principal.kind === "app") throw unauthorized("A JSON web token could not be decoded");
  if (principal.kind === "anonymous") {
    if (readable) return;
    throw repository.private ? notFound() : unauthorized("Requires authentication");
  }
  const { token } = principal;
  if (!covers(state, token, repository)) {
    if (readable) return;
    throw repository.private ? notFound() : new Refusal(403, "Resource not accessible by integration");
  }
  if (!needs.some(([name, level]) => hasPermission(token.permissions, name, level))) {
    throw new Refusal(403, "Resource not accessible by integration");
  }
}

/** Issues a token of an installation, narrowed as asked. */
export function issueToken(
  state: State,
  installationId: number,
  narrowed: { permissions: Permissions; repositoryIds: readonly number[] | null },
): InstallationToken {
  const token = {
    token: `ghs_${randomBytes(18).toString("hex")}`,
    installationId,
    permissions: { metadata: "read" as const, ...narrowed.permissions },
    repositoryIds: narrowed.repositoryIds,
    expiresAt: Date.now() + TOKEN_LIFE_MS,
  };
  state.tokens.set(token.token, token);
  return token;
}
