// What the operator says about the sandbox: defaults that run code only behind one, and words that nobody types by accident.
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readEnvironment } from "../../src/config/environment.ts";
import type { Variables } from "../../src/config/read-variables.ts";
import { defaultSandboxLimits } from "../../src/core/sandbox-settings.ts";

const sandboxOf = (variables: Variables) => readEnvironment(variables).sandbox;

const unsafe = "i-run-code-of-strangers-without-a-sandbox";

function failureOf(variables: Variables): string {
  try {
    readEnvironment(variables);
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing was thrown");
}

describe("the sandbox's settings", () => {
  it("are bubblewrap, the public registries, and nothing of this machine, where nothing is said", () => {
    const { directory, ...rest } = sandboxOf({ ERRAND_CACHE_DIR: "/srv/cache" });
    expect(rest).toEqual({
      driver: "bwrap",
      user: 60_800,
      limits: defaultSandboxLimits,
      registries: [
        "registry.npmjs.org",
        "registry.yarnpkg.com",
        "pypi.org",
        "files.pythonhosted.org",
        "index.crates.io",
        "static.crates.io",
        "crates.io",
        "proxy.golang.org",
        "sum.golang.org",
      ],
      tools: [],
      container: { runtime: "docker", image: "docker.io/library/node:22-bookworm" },
    });
    // The mirrors' folder is its owner's alone: the user that root's runs get could not pass through it.
    const isRoot = process.geteuid?.() === 0;
    expect(directory).toBe(isRoot ? "/var/cache/errand-sandbox" : path.join("/srv/cache", "sandbox"));
  });

  it("are what the variables say", () => {
    expect(
      sandboxOf({
        ERRAND_SANDBOX: "Container",
        ERRAND_SANDBOX_DIR: "/srv/sandbox/",
        ERRAND_SANDBOX_UID: "70000",
        ERRAND_SANDBOX_MEMORY: "512MiB",
        ERRAND_SANDBOX_REGISTRIES: "Registry.npmjs.org, npm.example.com:4873,registry.npmjs.org:443",
        ERRAND_SANDBOX_TOOLS: "/opt/node/bin/:/opt/go/bin",
        ERRAND_SANDBOX_RUNTIME: "podman",
        ERRAND_SANDBOX_IMAGE: "ci:5000/team/image:1.2",
      }),
    ).toEqual({
      driver: "container",
      directory: "/srv/sandbox",
      user: 70_000,
      limits: { ...defaultSandboxLimits, memoryBytes: 512 * 2 ** 20 },
      registries: ["registry.npmjs.org", "npm.example.com:4873"],
      tools: ["/opt/node/bin", "/opt/go/bin"],
      container: { runtime: "podman", image: "ci:5000/team/image:1.2" },
    });
    expect(sandboxOf({ ERRAND_SANDBOX: "off" }).driver).toBe("off");
  });

  it.each([
    ["ERRAND_SANDBOX", "none", /one of bwrap, container, off/],
    ["ERRAND_SANDBOX", "false", /one of bwrap, container, off/],
    ["ERRAND_UNSAFE_NO_SANDBOX", "1", /must be i-run-code/],
    ["ERRAND_UNSAFE_NO_SANDBOX", "true", /must be i-run-code/],
    ["ERRAND_UNSAFE_NO_SANDBOX", `${unsafe}s`, /must be i-run-code/],
    ["ERRAND_UNSAFE_NO_SANDBOX", unsafe.toUpperCase(), /must be i-run-code/],
    ["ERRAND_SANDBOX_DIR", "SECRETVALUE", /absolute path/],
    ["ERRAND_SANDBOX_DIR", "/SECRETVALUE,readonly", /without a comma/],
    ["ERRAND_SANDBOX_UID", "0", /whole number from 1000/],
    ["ERRAND_SANDBOX_UID", "4294967295", /whole number from 1000/],
    ["ERRAND_SANDBOX_MEMORY", "10MB", /at least 256MB/],
    ["ERRAND_SANDBOX_REGISTRIES", "https://SECRETVALUE.example.com", /entry 1 is no host/],
    ["ERRAND_SANDBOX_REGISTRIES", "a.example.com,b@SECRETVALUE", /entry 2 is no host/],
    ["ERRAND_SANDBOX_REGISTRIES", "*.SECRETVALUE.com", /entry 1 is no host/],
    ["ERRAND_SANDBOX_REGISTRIES", "SECRETVALUE:99999", /entry 1 is no host/],
    ["ERRAND_SANDBOX_REGISTRIES", "169.254.169.254", /entry 1 is a link-local/],
    ["ERRAND_SANDBOX_REGISTRIES", "2852039166:80", /entry 1 is a link-local/],
    ["ERRAND_SANDBOX_TOOLS", "/", /absolute paths/],
    ["ERRAND_SANDBOX_TOOLS", "/opt/SECRETVALUE/../..", /absolute paths/],
    ["ERRAND_SANDBOX_TOOLS", "SECRETVALUE/bin", /absolute paths/],
    ["ERRAND_SANDBOX_RUNTIME", "SECRETVALUE", /one of docker, podman/],
    ["ERRAND_SANDBOX_IMAGE", "--privileged", /name of an image/],
    ["ERRAND_SANDBOX_IMAGE", "node:22 SECRETVALUE", /name of an image/],
  ])("refuse %s=%j by name and never repeat it", (name, value, words) => {
    const message = failureOf({ [name]: value });
    expect(message).toMatch(words);
    expect(message).toContain(`a problem:\n  ${name}: `);
    expect(message).not.toContain("SECRETVALUE");
  });
});

describe("no sandbox at all", () => {
  it("needs its exact words, and warns at each start", () => {
    const { sandbox, warnings } = readEnvironment({ ERRAND_UNSAFE_NO_SANDBOX: unsafe });
    expect(sandbox.driver).toBe("none");
    expect(warnings).toEqual([
      expect.stringMatching(/^ERRAND_UNSAFE_NO_SANDBOX is set: .*take it away unless/),
    ]);
    expect(readEnvironment({}).warnings).toEqual([]);
  });

  it.each(["bwrap", "container", "off"])("contradicts ERRAND_SANDBOX=%s: nothing starts", (driver) => {
    const message = failureOf({ ERRAND_UNSAFE_NO_SANDBOX: unsafe, ERRAND_SANDBOX: driver });
    expect(message).toContain("ERRAND_UNSAFE_NO_SANDBOX: must not be set beside ERRAND_SANDBOX");
  });
});
