// The HTTP calls that the app made for one pull request, made again by hand for another one like it.
import { createSign } from "node:crypto";
import { z } from "zod";
import type { FakeGitHub } from "../../test/support/fake-github.ts";

export type RecordedCall = FakeGitHub["requests"][number];

/** What has another name for each pull request: the first run's on the left, this one's on the right. */
export type Names = Map<string, string>;

/** The answers that name something new, and what the first run called it. */
export interface FirstNames {
  readonly commentId: string;
  readonly commitSha: string;
  readonly checkId: string;
}

/** The call that moves the pull request's branch. */
export const isPush = ({ method, path }: RecordedCall): boolean =>
  method === "PATCH" && path.includes("/git/refs/");

export interface BareClient {
  /** Base of the API. */
  readonly api: string;
  readonly token: string;
  readonly jwt: string;
}

const Answer = z.object({ id: z.number().optional(), sha: z.string().optional() });

/** The app's own token for GitHub, as its documentation has it. */
export function appToken({ app }: FakeGitHub): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iat: now - 30, exp: now + 300, iss: String(app.id) };
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(app.privateKey, "base64url")}`;
}

/** Long names are replaced wherever they stand, numbers only where they are a whole part of a path. */
function renamed(text: string, names: Names): string {
  let result = text;
  for (const [first, own] of names) if (/\D/.test(first)) result = result.replaceAll(first, own);
  return result;
}

const renamedPath = (path: string, names: Names): string =>
  renamed(path, names)
    .split("/")
    .map((part) => names.get(part) ?? part)
    .join("/");

/** File contents are in base64: they are renamed underneath. */
function renamedBody(body: unknown, names: Names): string {
  const blob = z.object({ content: z.string(), encoding: z.literal("base64") }).safeParse(body);
  if (!blob.success) return renamed(JSON.stringify(body), names);
  const content = renamed(Buffer.from(blob.data.content, "base64").toString(), names);
  return JSON.stringify({ ...blob.data, content: Buffer.from(content).toString("base64") });
}

/** Makes one call again and remembers what its answer names. Throws when GitHub answers otherwise than the first time. */
export async function repeatCall(
  { api, token, jwt }: BareClient,
  call: RecordedCall,
  names: Names,
  first: FirstNames,
): Promise<void> {
  const { method, query, body, credential } = call;
  const path = renamedPath(call.path, names);
  const response = await fetch(`${api}${path}${query ? `?${renamed(query, names)}` : ""}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: credential === "app" ? `Bearer ${jwt}` : `token ${token}`,
      "user-agent": "bench",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: renamedBody(body, names) }),
  });
  const answer: unknown = response.status === 204 ? null : await response.json();
  if (response.status !== call.status) {
    throw new Error(`${method} ${path} answered ${response.status}, and ${call.status} to the app`);
  }
  if (method === "POST" && response.status === 201) remember(path, Answer.parse(answer), names, first);
}

function remember(path: string, { id, sha }: z.infer<typeof Answer>, names: Names, first: FirstNames): void {
  if (/\/issues\/\d+\/comments$/.test(path)) names.set(first.commentId, String(id));
  if (path.endsWith("/check-runs")) names.set(first.checkId, String(id));
  if (path.endsWith("/git/commits")) names.set(first.commitSha, String(sha));
}
