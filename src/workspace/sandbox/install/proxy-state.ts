// What one install's proxy may do and has done: whom it may reach, how much has moved, and what went wrong, in words.
import type { Duplex } from "node:stream";
import { nameOf } from "./targets.ts";
import type { Target } from "./targets.ts";
import type { Upstream } from "./upstream.ts";

export interface ProxyLimits {
  /** Connections from the install at a time. Package managers open some 50. */
  readonly connections: number;
  /** Bytes of all connections together: what is downloaded, and what is sent. */
  readonly downBytes: number;
  readonly upBytes: number;
  /** Milliseconds without a byte in either direction. */
  readonly idleMs: number;
  /** Milliseconds for a request's head to arrive, and bytes of it. */
  readonly headMs: number;
  readonly headBytes: number;
}

export const defaultProxyLimits: ProxyLimits = {
  connections: 128,
  downBytes: 4 * 1024 ** 3,
  upBytes: 64 * 1024 ** 2,
  idleMs: 60_000,
  headMs: 10_000,
  headBytes: 16 * 1024,
};

/** Names that are kept of those that were refused or did not answer: a hostile install may want a million. */
const mostNames = 10;

export interface ProxyState {
  readonly allowed: ReadonlySet<string>;
  readonly limits: ProxyLimits;
  readonly upstream: Upstream | null;
  readonly refused: Set<string>;
  readonly unreachable: Map<string, string>;
  readonly open: Set<Duplex>;
  readonly moved: { down: number; up: number };
}

/** Keeps a connection with those that are ended when the proxy is. */
export function track(state: ProxyState, socket: Duplex): void {
  state.open.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => state.open.delete(socket));
}

export function isAllowed({ allowed }: ProxyState, target: Target): boolean {
  return allowed.has(nameOf(target));
}

export function count(state: ProxyState, way: "down" | "up", bytes: number): void {
  state.moved[way] += bytes;
  if (!isOver(state)) return;
  for (const one of state.open) one.destroy();
}

export function isOver({ moved, limits }: ProxyState): boolean {
  return moved.down > limits.downBytes || moved.up > limits.upBytes;
}

export function noteUnreachable(state: ProxyState, target: Target, why: string): string {
  if (state.unreachable.size < mostNames) state.unreachable.set(nameOf(target), why);
  return `${nameOf(target)} could not be reached: ${why}.`;
}

export function refusal(state: ProxyState, target: Target | null): string {
  if (target === null) return "This proxy takes CONNECT host:port, and http:// addresses with a plain host.";
  const name = shortNameOf(target);
  if (state.refused.size < mostNames) state.refused.add(name);
  return `${name} is not an allowed registry.`;
}

/** As the operator would write it. */
function shortNameOf(target: Target): string {
  return target.port === 443 ? target.host : nameOf(target);
}

export function troublesOf(state: ProxyState): string[] {
  const troubles = [...state.refused].map(
    (name) =>
      `The install wanted to reach ${name}, which is not an allowed registry: add it to ERRAND_SANDBOX_REGISTRIES if it should be.`,
  );
  for (const [name, why] of state.unreachable)
    troubles.push(`The registry ${name} could not be reached: ${why}.`);
  if (isOver(state)) {
    const { downBytes, upBytes } = state.limits;
    troubles.push(
      `The install was cut off: it wanted to move more than ${downBytes} bytes in, or ${upBytes} bytes out.`,
    );
  }
  return troubles;
}
