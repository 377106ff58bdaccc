// The environment git runs in: built from nothing, so that no file of the machine or of a repository steers it.

/** What may pass from the process to git: where programs are, and how this network is reached. */
const passed = [
  "PATH",
  "TMPDIR",
  "SystemRoot",
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
  "NO_PROXY",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
];

export type Environment = Readonly<Record<string, string>>;

/** Where objects come from and go to. `token` is "" for a server that asks for none. */
export interface Remote {
  readonly url: string;
  readonly token: string;
}

/** A URL git may talk to: HTTPS anywhere, plain HTTP on this machine only, and no user or password inside. `null` for any other. */
export function parseCloneUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.username !== "" || url.password !== "") return null;
  if (url.protocol === "https:") return url;
  return url.protocol === "http:" && isLoopback(url.hostname) ? url : null;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** The header GitHub takes an installation token in. */
export function authorizationOf(token: string): string {
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
}

const settings: Readonly<Record<string, string>> = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.attributesFile": "/dev/null",
  "core.excludesFile": "/dev/null",
  "core.askPass": "",
  "core.pager": "cat",
  "core.symlinks": "false",
  "core.protectHFS": "true",
  "core.protectNTFS": "true",
  "core.quotePath": "true",
  // Larger blobs are streamed to disk by index-pack instead of being held in memory.
  "core.bigFileThreshold": "16m",
  "credential.helper": "",
  "safe.bareRepository": "explicit",
  "protocol.allow": "never",
  "http.followRedirects": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "fetch.recurseSubmodules": "no",
  // Always a pack, never loose objects: one file whose growth can be watched.
  "fetch.unpackLimit": "1",
  // The server names commits we have, so that a push carries only what is new.
  "push.negotiate": "true",
  "push.recurseSubmodules": "no",
  "submodule.recurse": "false",
  "merge.renames": "true",
  "merge.renameLimit": "1000",
  "merge.directoryRenames": "conflict",
  "log.showSignature": "false",
};

/**
 * For git that reaches no network. Without a remote in its configuration git cannot fetch an object that a partial clone lacks:
 * it says that the object is missing, on every version (`GIT_NO_LAZY_FETCH` came only with 2.45).
 */
export function offlineEnvironment(
  home: string,
  inherited: Readonly<Record<string, string | undefined>>,
): Environment {
  return { ...baseEnvironment(home, inherited), GIT_NO_LAZY_FETCH: "1", ...asConfig(settings) };
}

/** For git that talks to one server. The token is in the environment only: not in a file, not in an argument. */
export function onlineEnvironment(
  home: string,
  inherited: Readonly<Record<string, string | undefined>>,
  remote: Remote,
): Environment {
  const url = new URL(remote.url);
  return {
    ...baseEnvironment(home, inherited),
    ...asConfig({
      ...settings,
      [`protocol.${url.protocol.slice(0, -1)}.allow`]: "always",
      "remote.origin.url": remote.url,
      "remote.origin.promisor": "true",
      "remote.origin.partialclonefilter": "blob:none",
      ...(remote.token === ""
        ? {}
        : { [`http.${url.origin}/.extraHeader`]: `Authorization: ${authorizationOf(remote.token)}` }),
    }),
  };
}

function baseEnvironment(
  home: string,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = passed.flatMap((name) => {
    const value = inherited[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GIT_SSH_COMMAND: "false",
    GIT_PAGER: "cat",
    GIT_EDITOR: "false",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_LFS_SKIP_SMUDGE: "1",
  };
}

function asConfig(entries: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(entries);
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(pairs.length) };
  for (const [index, [key, value]] of pairs.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
