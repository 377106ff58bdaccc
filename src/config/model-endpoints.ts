// Where a model of the operator's own may be served: prompts hold code and a key goes with them, so only where nobody between can read them.
import { BlockList, isIP } from "node:net";

/** Loopback, and the networks that RFC 1918 and RFC 4193 keep private. Link-local is not among them: clouds serve credentials there. */
const privateNetworks = new BlockList();
for (const [network, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  privateNetworks.addSubnet(network, bits, "ipv4");
}
privateNetworks.addAddress("::1", "ipv6");
privateNetworks.addSubnet("fc00::", 7, "ipv6");

/** Names that public DNS gives to nobody: without a dot (a container, a host of one's own), or below a domain reserved for private use. */
const privateName = /^[a-z\d-]+$|\.(?:localhost|local|internal|home\.arpa)$/;

/** Where clouds hand out credentials to whoever asks from inside. */
const metadata = /^metadata(?:\.google)?(?:\.internal)?$/;

function isPrivateHost(hostname: string): boolean {
  if (metadata.test(hostname)) return false;
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  const version = isIP(address);
  if (version === 0) return privateName.test(hostname);
  return privateNetworks.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** https anywhere, http to this machine or a private network; no user name, query or fragment. Without a slash at the end; `null` when it is none. */
export function readEndpointUrl(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || /[?#]/.test(text) || `${url.username}${url.password}` !== "" || url.hostname === "")
    return null;
  const safe = url.protocol === "https:" || (url.protocol === "http:" && isPrivateHost(url.hostname));
  return safe ? url.href.replace(/\/+$/, "") : null;
}
