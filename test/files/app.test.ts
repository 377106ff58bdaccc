// app.yml asks GitHub for exactly what the code uses: no event too many, no permission too many.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { handledEvents } from "../../src/webhooks/events.ts";
import { WEBHOOK_PATH } from "../../src/webhooks/server.ts";

const text = readFileSync("app.yml", "utf8");
const app = z
  .strictObject({
    name: z.string(),
    url: z.url(),
    description: z.string(),
    public: z.literal(false),
    hook_attributes: z.strictObject({ url: z.url(), active: z.literal(true) }),
    default_events: z.array(z.string()),
    default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  })
  .parse(parse(text));

/** Sent to every app, and refused in a manifest. */
const unasked = ["installation", "installation_repositories"];

describe("app.yml", () => {
  it("subscribes to the events that are handled, and to no other", () => {
    const handled = new Set(handledEvents.map((event) => event.split(".")[0] ?? ""));
    expect([...app.default_events, ...unasked].sort()).toEqual([...handled].sort());
  });

  it("asks for the least permissions; workflows only by hand", () => {
    expect(app.default_permissions).toEqual({
      contents: "write",
      pull_requests: "write",
      issues: "write",
      checks: "write",
      actions: "write",
      statuses: "read",
      metadata: "read",
    });
    expect(text).toContain("# workflows: write");
  });

  it("sends deliveries to where they are served, over TLS", () => {
    expect(app.hook_attributes.url).toMatch(/^https:/);
    expect(new URL(app.hook_attributes.url).pathname).toBe(WEBHOOK_PATH);
  });

  it("holds no apostrophe in a value: the set-up page would end its quoted attribute there", () => {
    expect(JSON.stringify(app)).not.toContain("'");
  });
});

describe("LICENSE", () => {
  it("is the one that package.json names", () => {
    const { license } = z
      .object({ license: z.string() })
      .parse(JSON.parse(readFileSync("package.json", "utf8")));
    expect([license, readFileSync("LICENSE", "utf8").split("\n")[0]]).toEqual(["MIT", "MIT License"]);
  });
});
