// What tells package managers inside the sandbox of the proxy and of certificates, and never to run what they install.

export interface InstallNetwork {
  /** "http://127.0.0.1:PORT". */
  readonly proxy: string;
  /** A file inside the sandbox with certificates that this network signs with; `null`: the system's own do. */
  readonly certificates: string | null;
}

/** Scripts are off by every name that a package manager has for them; the command lines say it again. */
const scriptsOff = {
  npm_config_ignore_scripts: "true",
  YARN_ENABLE_SCRIPTS: "false",
  PIP_ONLY_BINARY: ":all:",
  UV_NO_BUILD: "1",
};

/** Nothing that asks, reports home or draws. */
const quiet = {
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_progress: "false",
  npm_config_update_notifier: "false",
  COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
  YARN_ENABLE_TELEMETRY: "0",
  YARN_ENABLE_PROGRESS_BARS: "false",
  PIP_NO_INPUT: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  UV_NO_PROGRESS: "1",
  // Never straight to a host of source code, which is no registry.
  GOPROXY: "https://proxy.golang.org",
  GOTOOLCHAIN: "local",
};

/** Variables of an install. What a request sets itself comes after these. */
export function installEnvironment({ proxy, certificates }: InstallNetwork): Record<string, string> {
  return {
    ...scriptsOff,
    ...quiet,
    ...Object.fromEntries(proxyVariables.map((name) => [name, proxy])),
    NO_PROXY: "",
    no_proxy: "",
    ...(certificates === null
      ? {}
      : Object.fromEntries(certificateVariables.map((name) => [name, certificates]))),
  };
}

const proxyVariables = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "http_proxy",
  "https_proxy",
  "npm_config_proxy",
  "npm_config_https_proxy",
  "YARN_HTTP_PROXY",
  "YARN_HTTPS_PROXY",
  "CARGO_HTTP_PROXY",
  "PIP_PROXY",
];

const certificateVariables = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "npm_config_cafile",
  "YARN_HTTPS_CA_FILE_PATH",
  "PIP_CERT",
  "REQUESTS_CA_BUNDLE",
  "CARGO_HTTP_CAINFO",
];
