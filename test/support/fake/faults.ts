// Faults on demand: a reply that is refused, delayed for ever, cut off, or lost after its effect took place.

export interface FaultOptions {
  /** Any method unless named. */
  readonly method?: string;
  /** The path of the request: exact, with `*` for anything, or an expression. Paths of git over HTTP count too. */
  readonly path: string | RegExp;
  /**
   * `status` (default) answers with `status`; `secondary-rate-limit` is GitHub's 403 with `retry-after`;
   * `hang` never answers; `reset` cuts the connection.
   */
  readonly kind?: "status" | "secondary-rate-limit" | "hang" | "reset";
  /** Default 502. */
  readonly status?: number;
  /** How many requests it meets. Default 1. */
  readonly times?: number;
  /** Let this many matching requests through first. Default 0. */
  readonly skip?: number;
  /** The request does its work, and only its answer is lost. Default false. */
  readonly afterEffect?: boolean;
  /** Seconds for the `retry-after` header. Sent with a secondary rate limit (default 1) and where it is named. */
  readonly retryAfter?: number;
  readonly message?: string;
}

/** What was asked for, with a count of the requests it met. */
export interface Fault {
  readonly hits: () => number;
  readonly cancel: () => void;
}

export interface ActiveFault {
  readonly options: FaultOptions;
  readonly reply: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: object;
  } | null;
}

export interface Faults {
  readonly add: (options: FaultOptions) => Fault;
  /** The fault that meets this request, if any; counts it. */
  readonly take: (method: string, path: string) => ActiveFault | null;
}

function matches(options: FaultOptions, method: string, path: string): boolean {
  if (options.method !== undefined && options.method !== method) return false;
  if (options.path instanceof RegExp) return options.path.test(path);
  const pattern = options.path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(path);
}

function replyOf(options: FaultOptions): ActiveFault["reply"] {
  const { kind = "status", status = 502, retryAfter } = options;
  if (kind === "hang" || kind === "reset") return null;
  const retry: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  if (kind === "secondary-rate-limit") {
    return {
      status: options.status ?? 403,
      headers: { "retry-after": String(retryAfter ?? 1) },
      body: {
        message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        documentation_url:
          "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
      },
    };
  }
  return {
    status,
    headers: retry,
    body: { message: options.message ?? `Fault on demand: ${String(status)}` },
  };
}

export function openFaults(): Faults {
  const active: { options: FaultOptions; seen: number; hits: number }[] = [];
  const add = (options: FaultOptions): Fault => {
    const entry = { options, seen: 0, hits: 0 };
    active.push(entry);
    return {
      hits: () => entry.hits,
      cancel: () => {
        active.splice(active.indexOf(entry), 1);
      },
    };
  };
  const take = (method: string, path: string): ActiveFault | null => {
    for (const entry of active) {
      const { times = 1, skip = 0 } = entry.options;
      if (entry.hits >= times || !matches(entry.options, method, path)) continue;
      entry.seen += 1;
      if (entry.seen <= skip) continue;
      entry.hits += 1;
      return { options: entry.options, reply: replyOf(entry.options) };
    }
    return null;
  };
  return { add, take };
}
