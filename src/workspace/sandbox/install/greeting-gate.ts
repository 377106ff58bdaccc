// What a client sends into a tunnel is let through once it has asked for the host that the tunnel was allowed for.
import { Transform } from "node:stream";
import { refusal } from "./proxy-state.ts";
import type { ProxyState } from "./proxy-state.ts";
import { readGreeting } from "./server-name.ts";
import type { Greeting } from "./server-name.ts";
import { connectTarget } from "./targets.ts";
import type { Target } from "./targets.ts";

/** Fails, and notes the host, where the client asks for another; holds at most one TLS record. */
export function greetingGate(state: ProxyState, target: Target): Transform {
  let held = Buffer.alloc(0);
  let isOpen = false;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (isOpen) {
        done(null, chunk);
        return;
      }
      held = Buffer.concat([held, chunk]);
      const greeting = readGreeting(held);
      if (greeting.kind === "incomplete") {
        done();
        return;
      }
      isOpen = isFor(greeting, target);
      if (isOpen) done(null, held);
      else done(new Error(refusal(state, otherHost(greeting, target))));
    },
  });
}

/** A registry may do without TLS on a port of its own. A client that names no host gets the one that the server answers with by itself. */
function isFor(greeting: Greeting, { host }: Target): boolean {
  if (greeting.kind === "plain") return true;
  return greeting.kind === "tls" && (greeting.name === null || greeting.name === host);
}

function otherHost(greeting: Greeting, { port }: Target): Target | null {
  return greeting.kind === "tls" && greeting.name !== null ? connectTarget(`${greeting.name}:${port}`) : null;
}
