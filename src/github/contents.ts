// One file's text at a ref.
import { AppError } from "../core/errors.ts";
import { readOrNull } from "./call.ts";
import type { Client } from "./client.ts";

/**
 * `null` when there is no such file, repository or ref, when it is a folder, or when the app may not see it.
 * Bytes that are not UTF-8 become U+FFFD. Throws above 1 MB, where GitHub leaves the content out.
 */
export async function fileText(
  client: Client,
  { owner, repo, path, ref }: { owner: string; repo: string; path: string; ref: string | null },
): Promise<string | null> {
  const intent = { doing: `reading ${path} of ${owner}/${repo}`, needs: "Contents: read" };
  const found = await readOrNull(client, intent, () =>
    client.octokit.rest.repos.getContent({ owner, repo, path, ...(ref !== null && { ref }) }),
  );
  if (found === null || Array.isArray(found) || found.type !== "file") return null;
  if (found.encoding !== "base64") {
    throw new AppError(
      "input",
      `${path} of ${owner}/${repo} is larger than the 1 MB that GitHub shows of a file.`,
      {
        retryable: false,
        remedy: "Make the file smaller.",
      },
    );
  }
  return Buffer.from(found.content, "base64").toString("utf8");
}
