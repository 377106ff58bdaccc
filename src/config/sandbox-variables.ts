// The environment variables on the sandbox: their rules, what they are for, examples.
import path from "node:path";
import { parseSize } from "./sizes.ts";
import { integer, list, oneOf, text, variable } from "./variable-rules.ts";
import type { Entry, VariableNote } from "./variable-rules.ts";

/** What has to be typed before code of strangers is run without a sandbox: nobody writes it by accident, or without having read it. */
const UNSAFE_WORDS = "i-run-code-of-strangers-without-a-sandbox";

/** Node itself needs some 60 MB, npm some 200. */
const LEAST_MEMORY = 256e6;

/** User ids that one worker may need at a time: one for each run that is under way. */
const USER_IDS = 64;

/** systemd and file systems have trouble with ids of 2^31 and above. */
const LAST_USER_ID = 2 ** 31 - 1;

/** "registry.npmjs.org", "npm.example.com:4873": lower case, without the port that every registry has. */
function readRegistry(entry: string): Entry<string> {
  const fault = "is no host, or host:port";
  if (!/^[a-z\d.-]{1,253}(:\d{1,5})?$/i.test(entry) || !URL.canParse(`https://${entry}`)) return { fault };
  const { host, hostname } = new URL(`https://${entry}`);
  // Clouds hand out credentials at link-local addresses.
  return hostname.startsWith("169.254.") ? { fault: "is a link-local address" } : { value: host };
}

/** Folders between colons, absolute and without a way back; "/" would be the whole machine. */
function readTools(value: string): readonly string[] | null {
  const folders = value.split(":").map((folder) => folder.replace(/\/+$/, ""));
  const isFolder = (folder: string): boolean =>
    path.isAbsolute(folder) && path.normalize(folder) === folder && !folder.includes("\0");
  return folders.length <= 20 && folders.every(isFolder) ? folders : null;
}

/** As container runtimes name images: "docker.io/library/node:22-bookworm", with a digest or without. */
const isImage = (value: string): boolean =>
  value.length <= 300 && /^[a-z\d][\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[\da-f]{64})?$/.test(value);

export const sandboxRules = {
  ERRAND_SANDBOX: oneOf("bwrap", "container", "off"),
  ERRAND_UNSAFE_NO_SANDBOX: text(`must be ${UNSAFE_WORDS}, or not be set`, (value) => value === UNSAFE_WORDS),
  // Container runtimes part the fields of a mount with commas.
  ERRAND_SANDBOX_DIR: variable("must be the absolute path of a folder, without a comma", (value) =>
    /^\/[^\0,]+$/.test(value) ? path.resolve(value) : null,
  ),
  ERRAND_SANDBOX_UID: integer(1000, LAST_USER_ID - USER_IDS),
  ERRAND_SANDBOX_MEMORY: variable(
    "must be a size of at least 256MB, such as 4GB, 1500MiB or a number of bytes",
    (value) => {
      const bytes = parseSize(value);
      return bytes !== null && bytes >= LEAST_MEMORY ? bytes : null;
    },
  ),
  ERRAND_SANDBOX_REGISTRIES: list(
    "must be HOST or HOST:PORT, several separated by commas, without https:// and without a path",
    readRegistry,
  ),
  ERRAND_SANDBOX_TOOLS: variable(
    "must be absolute paths of folders, several separated by colons, 20 at most",
    readTools,
  ),
  ERRAND_SANDBOX_RUNTIME: oneOf("docker", "podman"),
  ERRAND_SANDBOX_IMAGE: text(
    "must be the name of an image, such as docker.io/library/node:22-bookworm",
    isImage,
  ),
};

type SandboxVariableName = keyof typeof sandboxRules;

export const sandboxNotes: Readonly<Record<SandboxVariableName, VariableNote>> = {
  ERRAND_SANDBOX: {
    what: "What the repository's code runs in: `bwrap`, `container` (experimental), or `off`: none of it is run.",
    example: "off",
    default: "`bwrap`",
  },
  ERRAND_UNSAFE_NO_SANDBOX: {
    what: `Runs the code of every pull request as this very user, with its files and its network. Only the words \`${UNSAFE_WORDS}\` do it, on a machine that is a sandbox itself.`,
    example: UNSAFE_WORDS,
    default: "not set",
  },
  ERRAND_SANDBOX_DIR: {
    what: "Folder of installed dependencies and of what runs need beside them; may be deleted while nothing runs. The sandbox's user has to be able to pass through all folders above it.",
    example: "/var/cache/errand-sandbox",
    default: "`/var/cache/errand-sandbox` for root, else `sandbox` in `ERRAND_CACHE_DIR`",
  },
  ERRAND_SANDBOX_UID: {
    what: `First of ${USER_IDS} user ids, and group ids, that runs get when the worker is root. Nobody else may have them.`,
    example: "70000",
    default: "`60800`",
  },
  ERRAND_SANDBOX_MEMORY: {
    what: "Memory of one run, its files among it: `4GB`, `1500MiB`, a number of bytes.",
    example: "2GB",
    default: "`4GiB`",
  },
  ERRAND_SANDBOX_REGISTRIES: {
    what: "Hosts, or `host:port`, that an install may reach, and nothing else; the list replaces the default.",
    example: "registry.npmjs.org,npm.example.com:4873",
    default: "npm's, Yarn's, PyPI's, crates.io's and Go's",
  },
  ERRAND_SANDBOX_TOOLS: {
    what: "Folders between colons for tools outside `/usr`: read-only in the sandbox, and first on its PATH, or the `bin` in them is.",
    example: "/opt/go:/opt/cargo",
    default: "none",
  },
  ERRAND_SANDBOX_RUNTIME: {
    what: "For `container`: `docker` or `podman`.",
    example: "podman",
    default: "`docker`",
  },
  ERRAND_SANDBOX_IMAGE: {
    what: "For `container`: the image that runs get, with the repository's tools in it. It has to be on the machine already.",
    example:
      "ghcr.io/my-organisation/ci@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    default: "`docker.io/library/node:22-bookworm`",
  },
};
