// What a failing test wants that the sandbox does not give: a network, a service, a secret, a browser. Nobody can fix that in the code.
import type { TestResult } from "../../core/checks.ts";

export type Need = "network" | "service" | "secret" | "browser";

/** For people: "needs …". */
export const needWords: Readonly<Record<Need, string>> = {
  network: "the network",
  service: "a service (a database, a server) that listens nearby",
  secret: "a secret or setting from the environment",
  browser: "an installed browser",
};

const longestLooked = 8_000;

/** Told by the words of runtimes, drivers and libraries. Order counts: what names a browser may also say that a connection was refused. */
const signs: readonly { readonly need: Need; readonly sign: RegExp }[] = [
  {
    need: "browser",
    sign: /Executable doesn't exist at|playwright install|Could not find (?:Chrome|Chromium|browser)|Failed to launch the browser|chromedriver|geckodriver|no chrome binary/i,
  },
  {
    need: "network",
    sign: /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b|getaddrinfo|Temporary failure in name resolution|Name or service not known|no such host|Could not resolve host|Network is unreachable/,
  },
  { need: "service", sign: /\bECONNREFUSED\b|[Cc]onnection refused|ConnectionRefusedError/ },
  {
    need: "secret",
    sign: /\b[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{0,40}(?:TOKEN|KEY|SECRET|PASSWORD|URL|DSN|ID)\b["'`]?[^\n]{0,40}(?:not set|not defined|is missing|is required|must be set|undefined)|(?:[Mm]issing|[Rr]equired) (?:required )?environment variable|KeyError: ['"][A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{0,60}['"]/,
  },
];

export function needOf({ message, detail }: Pick<TestResult, "message" | "detail">): Need | null {
  const said = `${message}\n${detail ?? ""}`.slice(0, longestLooked);
  return signs.find(({ sign }) => sign.test(said))?.need ?? null;
}

/** Whether a log that was written elsewhere speaks of such a need: a hint why a failure does not show here. */
export function needIn(log: string): Need | null {
  return needOf({ message: "", detail: log.slice(-longestLooked) });
}
