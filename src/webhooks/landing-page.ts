// The page at "/": says what this is. Static, so there is nothing to escape.
import type { IncomingMessage, ServerResponse } from "node:http";

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Errand</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em;border-radius:.2em}</style>
<h1>Errand</h1>
<p>A GitHub App that runs errands on pull requests. It is running.</p>
<p>Comment <code>/agent help</code> on a pull request of a repository where it is installed.</p>
</html>
`;

/** Answers `GET /` and leaves every other request alone. */
export function landingPage(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (request.method !== "GET" || request.url?.split("?", 1)[0] !== "/") return Promise.resolve(false);
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(page);
  return Promise.resolve(true);
}
