// One call of one model, whatever format its server speaks: the request leaves once, and whatever happens to it has a name.
import type { ModelAnswer, ModelClient, ModelName, ModelRequest } from "../../core/model.ts";
import { failure, toAppError } from "./failure.ts";
import type { Addressee, ModelFailure } from "./failure.ts";
import { refusalOf } from "./refusal.ts";
import type { Asked } from "./refusal.ts";
import { openWire } from "./wire.ts";
import type { Fetch, Wire } from "./wire.ts";

/** A model, where it is served, and with what key. */
export interface Target extends Addressee {
  readonly name: ModelName;
  /** Base URL as its SDK takes it. */
  readonly url: string;
  /** `null`: none is sent. */
  readonly key: string | null;
}

export interface CallOptions {
  /** For each call, from the first byte sent to the last one read. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
}

/** A request that goes out, as a wire format has it. */
interface Outgoing {
  /** Fields that the server may do without; of nested ones the path, with points. */
  readonly optional: readonly string[];
  /** The body of the answer, parsed as JSON and not further. Rejects as its SDK does. */
  readonly send: (wire: Wire) => Promise<unknown>;
}

/** A wire format: how a request is put, and how an answer is read. */
export interface WireFormat {
  /** `leftOut`: optional fields that this server was found not to take. */
  readonly put: (request: ModelRequest, leftOut: ReadonlySet<string>) => Outgoing;
  /** `null` when it is not an answer of this format. */
  readonly read: (body: unknown) => ModelAnswer | null;
}

/**
 * A client that remembers which optional fields its server does not take (models and servers differ in that, and no list of them stays true): a refusal that
 * names one is retryable, and the next request goes without it.
 */
export function createClient(target: Target, format: WireFormat, options: CallOptions): ModelClient {
  const leftOut = new Set<string>();
  return {
    generate: async (request, signal) => {
      signal.throwIfAborted();
      const outgoing = format.put(request, leftOut);
      const wire = openWire({ ...options, key: target.key }, signal);
      const received = await receive(outgoing, wire);
      if (wire.answered() === null) signal.throwIfAborted();
      const asked = { prompt: request.prompt, key: target.key, optional: outgoing.optional };
      const failed = failureOf(received, wire, asked);
      for (const field of failed?.leftOut ?? []) leftOut.add(field);
      const answer = failed === null ? format.read(received.body) : null;
      if (answer === null) throw toAppError(failed ?? notAnAnswer, target);
      return answer;
    },
  };
}

const notAnAnswer = failure("not an answer", { mayBeBilled: true });

/** What an SDK made of an exchange. */
type Received = { readonly body: unknown } & (
  { readonly broken: false } | { readonly broken: true; readonly thrown: unknown }
);

async function receive({ send }: Outgoing, wire: Wire): Promise<Received> {
  try {
    return { body: await send(wire), broken: false };
  } catch (thrown) {
    return { body: null, broken: true, thrown };
  } finally {
    wire.close();
  }
}

function failureOf(received: Received, wire: Wire, asked: Asked): ModelFailure | null {
  const ended = wire.ended();
  if (ended !== null) return ended;
  const answered = wire.answered();
  const refused = answered === null ? null : refusalOf(answered, asked, Date.now());
  if (refused !== null || !received.broken) return refused;
  return brokenOff(received.thrown, answered?.status);
}

/** Without an answer it is the network's doing, with one it is the JSON's. The error's own words are not shown: they may quote header or body. */
function brokenOff(thrown: unknown, status: number | undefined): ModelFailure {
  if (status !== undefined) return failure("not JSON", { status, mayBeBilled: true });
  const codes = codesOf(thrown);
  if (codes.some((code) => /TIMEOUT|TIMEDOUT/.test(code))) {
    const isUnsent = codes.some((code) => unsent.test(code));
    return failure("timed out", { said: codes[0] ?? "", mayBeBilled: !isUnsent });
  }
  const [code] = codes;
  if (code === undefined) return failure("failed", { mayBeBilled: true });
  return failure("unreachable", { said: code, mayBeBilled: !unsent.test(code) });
}

/** Codes of Node's and undici's errors that come before a request can leave: no such name, no such way, nobody there, no trust. */
const unsent =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** The codes along the chain of causes, the innermost first. */
function codesOf(thrown: unknown): readonly string[] {
  const codes: string[] = [];
  let error: unknown = thrown;
  for (let depth = 0; depth < 8 && typeof error === "object" && error !== null; depth++) {
    const code: unknown = "code" in error ? error.code : null;
    if (typeof code === "string" && /^[A-Z][A-Z\d_]{2,60}$/.test(code)) codes.unshift(code);
    error = "cause" in error ? error.cause : null;
  }
  return codes;
}
