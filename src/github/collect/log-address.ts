// Addresses that GitHub sends us to for logs and archives. GitHub is trusted; a server that stands in for it may be misled.
import { BlockList, isIP } from "node:net";

/** What is nobody's server on the internet: this machine, private and shared networks, link-local, where clouds serve credentials. */
const inner = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  inner.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  inner.addSubnet(network, bits, "ipv6");

/** Names without a dot, and those below a domain that is reserved for private use. */
const innerName = /^[^.]+$|\.(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/** The address, when it may be asked: GitHub's own origin, or https to a public host. `null` when not. */
export function logAddress(location: string, apiUrl: string): URL | null {
  if (!URL.canParse(location)) return null;
  const url = new URL(location);
  if (url.username !== "" || url.password !== "") return null;
  if (url.origin === new URL(apiUrl).origin) return url;
  return url.protocol === "https:" && !isInner(url.hostname) ? url : null;
}

function isInner(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  const version = isIP(address);
  if (version === 0) return innerName.test(hostname.replace(/\.$/, ""));
  return inner.check(address, version === 4 ? "ipv4" : "ipv6");
}
