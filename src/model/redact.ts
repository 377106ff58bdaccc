// Takes secrets and e-mail addresses out of texts before they are kept. The last gate before the ledger, not the first: keys never come near a prompt.
import { secretForms } from "./secret-forms.ts";
import { secretSpans } from "./secret-spans.ts";
import type { Span } from "./secret-spans.ts";

/**
 * Each secret becomes `[redacted: kind]`: the given ones (of 8 characters or more) as they are, broken up, URL-encoded, in hex or in base64; and what has the
 * form of a well-known kind of key, token, password or e-mail address. Takes time linear in the text, whatever it holds.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = without(text, secretSpans(text, secrets), "known secret");
  return secretForms.reduce(
    (rest, { kind, form }) =>
      rest.replace(form, (...match) => {
        const groups: unknown = match.at(-1);
        return `${keptOf(groups)}${mark(kind)}`;
      }),
    without(known, privateKeys(known), "private key"),
  );
}

const mark = (kind: string): string => `[redacted: ${kind}]`;

function keptOf(groups: unknown): string {
  if (typeof groups !== "object" || groups === null || !("keep" in groups)) return "";
  return typeof groups.keep === "string" ? groups.keep : "";
}

/** Overlapping and touching spans become one mark. */
function without(text: string, spans: readonly Span[], kind: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (start > done || parts.length === 0) parts.push(text.slice(done, start), mark(kind));
    done = Math.max(done, end);
  }
  return [...parts, text.slice(done)].join("");
}

const keyStart = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const keyEnd = /-----END [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** The body of a key whose end was cut off. */
const keyBody = /[A-Za-z\d+/=\s\\:,.]*/y;
/** UTF-16 units: an RSA key of 16,384 bits has 12,700. */
const longestKey = 16_000;

/** From each BEGIN to its END; where that is missing, to the end of what looks like a key. */
function privateKeys(text: string): Span[] {
  const ends = Array.from(text.matchAll(keyEnd), ({ 0: line, index }) => index + line.length);
  const spans: Span[] = [];
  let next = 0;
  let done = 0;
  for (const { 0: line, index } of text.matchAll(keyStart)) {
    if (index < done) continue;
    const bodyAt = index + line.length;
    while ((ends[next] ?? Infinity) <= bodyAt) next++;
    const end = ends[next];
    if (end !== undefined && end - bodyAt <= longestKey) done = end;
    else {
      keyBody.lastIndex = bodyAt;
      done = bodyAt + (keyBody.exec(text)?.[0].length ?? 0);
    }
    spans.push([index, done]);
  }
  return spans;
}
