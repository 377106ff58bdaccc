// What an operator says about models in the environment: every variable good and bad, what they contradict, and that no message repeats a value.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseDollars } from "../../src/config/dollars.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { faultOfModelName } from "../../src/config/model-names.ts";
import { readModelSettings } from "../../src/config/model-settings.ts";
import type { Variables } from "../../src/config/read-variables.ts";
import { AppError } from "../../src/core/errors.ts";
import { modelNameText, parseModelName } from "../../src/core/model.ts";

/** The message of the error that both ways of reading must throw alike. */
function failureOf(variables: Variables): string {
  const messages = [readModelSettings, readEnvironment].map((read) => {
    try {
      read(variables);
    } catch (error) {
      if (error instanceof AppError && error.code === "config") return `${error.message} ${error.remedy}`;
      throw error;
    }
    throw new Error(`nothing was thrown for ${JSON.stringify(variables)}`);
  });
  expect(messages[1]).toBe(messages[0]);
  return messages[0] ?? "";
}

const endpoint = (url: string) => readModelSettings({ ERRAND_ENDPOINTS: `own=${url}` }).endpoints["own"]?.url;

describe("the operator's settings on models", () => {
  it("without a variable ask nobody, keep what is affordable, and know no price", () => {
    expect(readModelSettings({ PATH: "/bin", APP_ID: "not looked at" })).toEqual({
      allowed: [],
      roles: { small: [], large: [] },
      keys: { openai: null, anthropic: null },
      endpoints: {},
      prices: {},
      allowUnpriced: false,
      budget: { run: 250_000, pull: 1_000_000, day: 20_000_000, installation: 200_000_000 },
      ledgerDays: { rows: 400, contents: 30 },
    });
  });

  it("say it all", () => {
    const variables = {
      ERRAND_SMALL_MODEL: "openai:qwen3.5:9b@ollama, openai:gpt-6-luna, openai:gpt-6-luna",
      ERRAND_LARGE_MODEL: "anthropic:claude-sonnet-5",
      ERRAND_MODELS: "openai:my-model@vllm,openai:gpt-6-luna,",
      OPENAI_API_KEY: " sk-openai ",
      ANTHROPIC_API_KEY: "sk-ant",
      ERRAND_ENDPOINTS: "ollama=http://127.0.0.1:11434/v1/, vllm=https://vllm.example.com/v1",
      ERRAND_ENDPOINT_KEYS: "vllm=a=b==",
      ERRAND_PRICES: "@ollama=0, openai:my-model@vllm=0.20/1.25,openai:gpt-6-luna=1/2/0.5",
      ERRAND_ALLOW_UNPRICED: "ON",
      ERRAND_BUDGET_RUN: "0.1",
      ERRAND_BUDGET_PULL: "0",
      ERRAND_BUDGET_DAY: "0.000001",
      ERRAND_BUDGET_INSTALLATION: "1000000",
      ERRAND_LEDGER_DAYS: "90",
      ERRAND_LEDGER_CONTENT_DAYS: "90",
    };
    const settings = readModelSettings(variables);
    expect(settings).toEqual({
      allowed: [
        "openai:qwen3.5:9b@ollama",
        "openai:gpt-6-luna",
        "anthropic:claude-sonnet-5",
        "openai:my-model@vllm",
      ],
      roles: {
        small: ["openai:qwen3.5:9b@ollama", "openai:gpt-6-luna"],
        large: ["anthropic:claude-sonnet-5"],
      },
      keys: { openai: "sk-openai", anthropic: "sk-ant" },
      endpoints: {
        ollama: { url: "http://127.0.0.1:11434/v1", key: null },
        vllm: { url: "https://vllm.example.com/v1", key: "a=b==" },
      },
      prices: {
        "@ollama": { input: 0, output: 0 },
        "openai:my-model@vllm": { input: 0.2, output: 1.25 },
        "openai:gpt-6-luna": { input: 1, output: 2, cached: 0.5 },
      },
      allowUnpriced: true,
      budget: { run: 100_000, pull: 0, day: 1, installation: 1_000_000_000_000 },
      ledgerDays: { rows: 90, contents: 90 },
    });
    expect(readEnvironment(variables)).toMatchObject({ models: settings, warnings: [] });
  });

  it("never keep contents for longer than their rows, unsaid too", () => {
    expect(readModelSettings({ ERRAND_LEDGER_DAYS: "7" }).ledgerDays).toEqual({ rows: 7, contents: 7 });
    expect(failureOf({ ERRAND_LEDGER_DAYS: "7", ERRAND_LEDGER_CONTENT_DAYS: "8" })).toContain(
      "ERRAND_LEDGER_CONTENT_DAYS: must not be more than ERRAND_LEDGER_DAYS",
    );
  });
});

describe("servers of one's own", () => {
  it.each([
    "https://example.com",
    "https://203.0.113.9:8000/v1",
    "http://localhost:11434/v1",
    "http://ollama.localhost/v1",
    "http://127.9.9.9/v1",
    "http://[::1]:8080/v1",
    "http://[fd12:3456::1]/v1",
    "http://10.1.2.3",
    "http://172.31.0.1",
    "http://192.168.1.20:8000",
    "http://ollama:11434/v1",
    "http://host.docker.internal:11434/v1",
    "http://gpu.local/v1",
    "http://gpu.home.arpa/v1",
  ])("may be at %s", (url) => {
    expect(endpoint(url)).toBe(url);
  });

  it.each([
    "http://example.com/v1",
    "http://203.0.113.9",
    "http://172.32.0.1",
    "http://169.254.169.254/v1",
    "http://100.64.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[2001:db8::1]",
    "http://[fe80::1]",
    "http://127.0.0.1.nip.io",
    "http://local.example.com",
    "http://3405803785",
    "https://user@example.com",
    "https://:word@example.com",
    "https://example.com/?key=x",
    "https://example.com/?",
    "https://example.com/#",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "127.0.0.1:11434",
    "",
  ])("may not be at %j", (url) => {
    const message = failureOf({ ERRAND_ENDPOINTS: `own=${url}` });
    expect(message).toMatch(/ERRAND_ENDPOINTS: must be NAME=URL.*entry 1 has no such URL/);
  });
});

describe("what is wrong", () => {
  const key = "sk-proj-SECRETVALUE0123456789";
  const wrong: [string, string, RegExp][] = [
    ["ERRAND_SMALL_MODEL", "gpt-SECRETVALUE", /entry 1 is not \(/],
    ["ERRAND_SMALL_MODEL", "openai:a,openai:", /entry 2 is not \(/],
    ["ERRAND_SMALL_MODEL", "google:SECRETVALUE", /entry 1 is not \(/],
    ["ERRAND_SMALL_MODEL", " , ", /there is no entry/],
    ["ERRAND_SMALL_MODEL", "openai:a@SECRETVALUE", /entry 1 is not \(/],
    ["ERRAND_LARGE_MODEL", "https://SECRETVALUE.example.com/v1", /entry 1 is an address: .*ERRAND_ENDPOINTS/],
    ["ERRAND_LARGE_MODEL", "openai:http://SECRETVALUE", /entry 1 is an address/],
    ["ERRAND_LARGE_MODEL", `openai:${key}`, /entry 1 holds something like a key: .*OPENAI_API_KEY/],
    ["ERRAND_MODELS", key, /entry 1 holds something like a key/],
    ["ERRAND_MODELS", "openai:SECRETVALUE0123456789abcdefABCDEF", /something like a key/],
    ["ERRAND_MODELS", Array(51).fill("openai:a").join(","), /more than 50 entries/],
    ["OPENAI_API_KEY", "SECRETVALUE two", /one line without blanks/],
    ["ANTHROPIC_API_KEY", "SECRETVALUE\nX-Header: 1", /one line without blanks/],
    ["ERRAND_ENDPOINTS", "SECRETVALUE", /entry 1 has no name/],
    ["ERRAND_ENDPOINTS", "SECRETVALUE=https://a.example.com", /entry 1 has not a name of small letters/],
    ["ERRAND_ENDPOINTS", "a=https://b,a=https://SECRETVALUE", /a name stands there twice/],
    ["ERRAND_ENDPOINT_KEYS", "SECRETVALUE", /entry 1 has no name/],
    ["ERRAND_ENDPOINT_KEYS", "a=SECRETVALUE SECRETVALUE", /entry 1 has no key/],
    ["ERRAND_ENDPOINT_KEYS", "=SECRETVALUE", /entry 1 has no name/],
    ["ERRAND_PRICES", "@a=SECRETVALUE", /entry 1 has no such price/],
    ["ERRAND_PRICES", "openai:a=-1", /entry 1 has no such price/],
    ["ERRAND_PRICES", "openai:a=1/2/3/4", /entry 1 has no such price/],
    ["ERRAND_PRICES", "openai:a=1/", /entry 1 has no such price/],
    ["ERRAND_PRICES", "openai:a=1e9", /entry 1 has no such price/],
    ["ERRAND_PRICES", "openai:a=0,SECRETVALUE=1", /entry 2 names neither a model nor an @endpoint/],
    ["ERRAND_ALLOW_UNPRICED", "SECRETVALUE", /one of on, off/],
    ["ERRAND_BUDGET_RUN", "$SECRETVALUE", /must be dollars/],
    ["ERRAND_BUDGET_PULL", "-1", /must be dollars/],
    ["ERRAND_BUDGET_DAY", "0.0000001", /must be dollars/],
    ["ERRAND_BUDGET_INSTALLATION", "1000000.01", /must be dollars/],
    ["ERRAND_LEDGER_DAYS", "0", /whole number from 1 to 3650/],
    ["ERRAND_LEDGER_CONTENT_DAYS", "SECRETVALUE", /whole number from 0 to 3650/],
  ];

  it.each(wrong)(
    "%s=%j is named with the remedy, an example, and without the value",
    (name, value, words) => {
      const message = failureOf({ [name]: value });
      expect(message).toMatch(words);
      expect(message).toContain(`a problem:\n  ${name}: must`);
      expect(message).toContain(`(example: ${name}=`);
      expect(message).not.toMatch(/SECRETVALUE/i);
    },
  );

  it.each([
    [
      "ERRAND_SMALL_MODEL",
      "openai:a,openai:b@gone",
      "entry 2 has an endpoint that is not in ERRAND_ENDPOINTS",
    ],
    ["ERRAND_LARGE_MODEL", "anthropic:a@constructor", "entry 1 has an endpoint that is not"],
    ["ERRAND_MODELS", "openai:b@gone", "entry 1 has an endpoint that is not"],
    ["ERRAND_ENDPOINT_KEYS", "gone=SECRETVALUE", "has a key for an endpoint that is not"],
    ["ERRAND_PRICES", "@gone=0", "has a price for an endpoint that is not"],
    ["ERRAND_PRICES", "openai:a@gone=0", "has a price for an endpoint that is not"],
  ])("%s=%j, of an endpoint that nobody named", (name, value, words) => {
    const message = failureOf({ ERRAND_ENDPOINTS: "own=http://localhost", [name]: value });
    expect(message).toContain(`${name}: ${words}`);
    expect(message).toContain("add it there");
    expect(message).not.toContain("SECRETVALUE");
  });

  it("in one variable is not told again of those that name it", () => {
    const message = failureOf({ ERRAND_ENDPOINTS: "own=nowhere", ERRAND_SMALL_MODEL: "openai:a@own" });
    expect(message).toContain("has a problem:\n  ERRAND_ENDPOINTS: ");
  });

  it("is a warning where only a key or a price is missing: once for each, and the model stays", () => {
    const { models, warnings } = readEnvironment({
      ERRAND_SMALL_MODEL: "openai:a,openai:b,openai:c@own",
      ERRAND_LARGE_MODEL: "anthropic:d",
      ERRAND_ENDPOINTS: "own=http://localhost",
      OPENAI_API_KEY: "",
    });
    expect(warnings).toEqual([
      "ERRAND_SMALL_MODEL names a model that needs OPENAI_API_KEY, which is not set: it is not asked",
      "ERRAND_SMALL_MODEL names a model on a server of yours without a price in ERRAND_PRICES (0, if it is free): it is not asked",
      "ERRAND_LARGE_MODEL names a model that needs ANTHROPIC_API_KEY, which is not set: it is not asked",
    ]);
    expect(models.roles).toEqual({
      small: ["openai:a", "openai:b", "openai:c@own"],
      large: ["anthropic:d"],
    });
  });
});

describe("a server of one's own without a key", () => {
  const own = { ERRAND_SMALL_MODEL: "openai:a@own", ERRAND_ENDPOINTS: "own=http://localhost" };

  it.each([
    { ERRAND_PRICES: "@own=0" },
    { ERRAND_PRICES: "openai:a@own=0" },
    { ERRAND_ALLOW_UNPRICED: "on" },
  ])("is asked without a warning given %j", (variables) => {
    expect(readEnvironment({ ...own, ...variables }).warnings).toEqual([]);
  });
});

describe("dollars", () => {
  it("are read to the millionth, whatever floating point makes of them", () => {
    const micros = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(micros, (sum) => {
        const text = `${Math.floor(sum / 1e6)}.${String(sum % 1e6).padStart(6, "0")}`;
        expect(parseDollars(text)).toBe(sum);
        expect(parseDollars(text.replace(/\.?0+$/, ""))).toBe(sum);
      }),
    );
  });

  it("are a whole sum in their bounds, or nothing, for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String)), (text) => {
        const sum = parseDollars(text);
        expect(sum === null || (Number.isSafeInteger(sum) && sum >= 0 && sum <= 1e12)).toBe(true);
        if (sum !== null) expect(Math.abs(sum - Number(text) * 1e6)).toBeLessThan(0.001);
      }),
    );
  });
});

describe("names of models", () => {
  const name = fc
    .tuple(
      fc.constantFrom("openai", "anthropic"),
      fc.stringMatching(/^[a-z]{1,8}([-.:/][a-z\d]{1,6}){0,5}$/),
      fc.option(fc.stringMatching(/^[a-z\d][a-z\d-]{0,20}$/)),
    )
    .map(([provider, model, own]) => `${provider}:${model}${own === null ? "" : `@${own}`}`);

  it("as they are usual are names, to the letter", () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(faultOfModelName(text)).toBeNull();
        const parsed = parseModelName(text);
        expect(parsed && modelNameText(parsed)).toBe(text);
      }),
    );
    for (const usual of ["openai:hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M@ollama", "openai:tokens"])
      expect(faultOfModelName(usual)).toBeNull();
  });

  it.each([
    `openai:sk-${"a".repeat(20)}`,
    `anthropic:claude@sk-ant-api03-${"x".repeat(20)}`,
    `openai:gsk_${"a1".repeat(20)}`,
    `openai:hf_${"aB".repeat(17)}`,
    `openai:AIza${"a1".repeat(18)}`,
    `openai:eyJ${"hbGciOi".repeat(4)}.x.y`,
    `openai:${"0123456789abcdef".repeat(2)}`,
  ])("%s is taken for a key", (text) => {
    expect(faultOfModelName(text)).toBe("key");
  });

  it("hold no address, no comma and no blank, and are checked in no time however long", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (rest) => {
        if (faultOfModelName(`openai:${rest}`) === null) expect(rest).not.toMatch(/[\s,=]|\/\//);
      }),
    );
    expect(faultOfModelName(`openai:${"a".repeat(1_000_000)}`)).toBe("form");
  });
});
