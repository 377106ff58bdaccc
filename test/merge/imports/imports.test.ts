// Import blocks as sets, in six languages; and everything that only looks like one.
import { describe, expect, it } from "@jest/globals";
import { importsTier } from "../../../src/merge/imports/tier.ts";
import { settleWith } from "../support.ts";
import type { Given } from "../support.ts";

const settle = (given: Given) => settleWith(importsTier, given);
const text = (given: Given) => settle(given)?.text;

describe("both sides add different imports", () => {
  it.each([
    [
      "es",
      {
        path: "a.ts",
        before: "import a from 'a';\n",
        ours: "import { b } from 'b';\n",
        theirs: "import c from 'c';\n",
      },
      "import { b } from 'b';\nimport c from 'c';\n",
    ],
    [
      "es",
      {
        path: "a.js",
        before: "'use strict';\n",
        ours: "const b = require('b');\n",
        theirs: "const { c } = require('c');\n",
      },
      "const b = require('b');\nconst { c } = require('c');\n",
    ],
    [
      "es",
      {
        path: "index.ts",
        before: "export * from './a';\n",
        ours: "export * from './b';\n",
        theirs: "export { c } from './c';\n",
      },
      "export * from './b';\nexport { c } from './c';\n",
    ],
    [
      "python",
      { path: "a.py", before: "import os\n", ours: "import re\n", theirs: "from typing import Any\n" },
      "import re\nfrom typing import Any\n",
    ],
    [
      "java",
      { path: "A.java", before: "package p;\n\n", ours: "import a.B;\n", theirs: "import static c.D.e;\n" },
      "import a.B;\nimport static c.D.e;\n",
    ],
    [
      "go",
      {
        path: "a.go",
        before: 'import (\n\t"fmt"\n',
        ours: '\t"os"\n',
        theirs: '\tx "e.org/y"\n',
        after: ")\n",
      },
      '\t"os"\n\tx "e.org/y"\n',
    ],
    [
      "rust",
      { path: "a.rs", before: "use a::B;\n", ours: "use c::{D, E};\n", theirs: "pub use f::g as h;\n" },
      "use c::{D, E};\npub use f::g as h;\n",
    ],
  ] as const)("%s", (language, given, expected) => {
    expect(settle(given)).toMatchObject({
      tier: "semantic",
      class: `imports/both-add/only-conflict/${language}`,
      text: expected,
    });
  });

  it("names another class when the file has other conflicts, for then what uses the imports is open too", () => {
    const given = {
      path: "a.ts",
      before: "import a from 'a';\n",
      ours: "import b from 'b';\n",
      theirs: "import c from 'c';\n",
    };
    expect(settle({ ...given, hunks: 2 })?.class).toBe("imports/both-add/among-conflicts/es");
  });
});

describe("names of one module", () => {
  it("are merged into one statement, in ours' layout", () => {
    expect(
      text({
        path: "a.ts",
        base: "import {a} from 'm';\n",
        ours: "import {a, b} from 'm';\n",
        theirs: "import { a, c as d } from 'm';\n",
      }),
    ).toBe("import {a, b, c as d} from 'm';\n");
  });

  it("are merged one a line where ours has them so, with its comma", () => {
    expect(
      text({
        path: "a.ts",
        base: "import {\n  a,\n} from 'm';\n",
        ours: "import {\n  a,\n  b,\n} from 'm';\n",
        theirs: "import {\n  a,\n  c,\n} from 'm';\n",
      }),
    ).toBe("import {\n  a,\n  b,\n  c,\n} from 'm';\n");
  });

  it("are merged where the hunk holds only names, and the statement is in the clean text", () => {
    expect(
      text({
        path: "a.ts",
        before: "import {\n  a,\n",
        ours: "  b,\n",
        theirs: "  type C,\n",
        after: "} from 'm';\n",
      }),
    ).toBe("  b,\n  type C,\n");
    expect(
      text({
        path: "a.py",
        before: "from m import (\n    a,\n",
        ours: "    b,\n",
        theirs: "    c as d,\n",
        after: ")\n",
      }),
    ).toBe("    b,\n    c as d,\n");
    expect(
      text({
        path: "a.rs",
        before: "use m::{\n    a,\n",
        ours: "    b,\n",
        theirs: "    C,\n",
        after: "};\n",
      }),
    ).toBe("    b,\n    C,\n");
  });

  it("are merged where the hunk cuts through two statements", () => {
    expect(
      text({
        path: "a.ts",
        before: "import {\n  a,\n",
        ours: "  b,\n} from 'm';\nimport { x } from 'x';\n",
        theirs: "  c,\n} from 'm';\nimport { y } from 'y';\n",
        base: "} from 'm';\n",
      }),
    ).toBe("  b,\n  c,\n} from 'm';\nimport { x } from 'x';\nimport { y } from 'y';\n");
  });
});

describe("removals", () => {
  it("keeps removed what one side removed, and says so in the class", () => {
    const given = {
      path: "a.py",
      base: "import a\nimport b\n",
      ours: "import b\nimport c\n",
      theirs: "import a\nimport b\nimport d\n",
    };
    expect(settle(given)).toMatchObject({
      class: "imports/one-removes/only-conflict/python",
      text: "import b\nimport c\nimport d\n",
    });
  });

  it("abstains when one side removes the statement that the other adds a name to", () => {
    expect(
      settle({
        path: "a.ts",
        base: "import { a } from 'm';\n",
        ours: "import x from 'x';\n",
        theirs: "import { a, b } from 'm';\n",
      }),
    ).toBeNull();
  });
});

describe("abstains", () => {
  it("when two imports would give one name", () => {
    expect(
      settle({
        path: "A.java",
        before: "package p;\n",
        ours: "import a.Item;\n",
        theirs: "import b.Item;\n",
      }),
    ).toBeNull();
    expect(
      settle({
        path: "a.ts",
        before: "import { x } from 'a';\n",
        ours: "import x from 'b';\n",
        theirs: "import y from 'c';\n",
      }),
    ).toBeNull();
  });

  it("when one side's name is the other's with a word more, as after a rename", () => {
    expect(
      settle({
        path: "a.ts",
        before: "import a from 'a';\n",
        ours: "import { KernelLogService } from './kernel-log';\n",
        theirs: "import { LogService } from './log';\n",
      }),
    ).toBeNull();
  });

  it("inside a template literal, a docstring or a block comment", () => {
    const sides = { ours: "import b from 'b';\n", theirs: "import c from 'c';\n" };
    expect(settle({ path: "a.ts", before: "const code = `\nimport a from 'a';\n", ...sides })).toBeNull();
    expect(settle({ path: "a.ts", before: "import a from 'a';\n", ...sides, after: "`;\n" })).toBeNull();
    expect(settle({ path: "a.ts", before: "/*\nimport a from 'a';\n", ...sides })).toBeNull();
    const python = { ours: "import b\n", theirs: "import c\n" };
    expect(settle({ path: "a.py", before: '"""\nimport a\n', ...python })).toBeNull();
  });

  it("in a function's body", () => {
    expect(
      settle({
        path: "a.js",
        before: "function f() {\n",
        ours: "  const b = require('b');\n",
        theirs: "  const c = require('c');\n",
      }),
    ).toBeNull();
  });

  it("when a line is something else", () => {
    expect(
      settle({
        path: "a.ts",
        before: "import a from 'a';\n",
        ours: "import b from 'b';\nb();\n",
        theirs: "import c from 'c';\n",
      }),
    ).toBeNull();
    expect(
      settle({
        path: "a.ts",
        before: "import a from 'a';\n",
        ours: "const b = await import('b');\n",
        theirs: "x\n",
      }),
    ).toBeNull();
  });

  it("when a statement is cut and its end is not in sight", () => {
    expect(settle({ path: "a.ts", before: "import {\n  a,\n", ours: "  b,\n", theirs: "  c,\n" })).toBeNull();
  });

  it("when a list of names holds a comment", () => {
    expect(
      settle({
        path: "a.ts",
        base: "import { a } from 'm';\n",
        ours: "import { a, /* b */ c } from 'm';\n",
        theirs: "import { a, d } from 'm';\n",
      }),
    ).toBeNull();
  });

  it("when a side imports one module in two statements of one form", () => {
    expect(
      settle({
        path: "a.py",
        before: "import a\n",
        ours: "from m import b\nfrom m import c\n",
        theirs: "from m import d\n",
      }),
    ).toBeNull();
  });

  it("in other languages", () => {
    expect(settle({ path: "a.txt", ours: "import b\n", theirs: "import c\n" })).toBeNull();
  });
});

describe("layout", () => {
  it("keeps CRLF", () => {
    expect(
      text({
        path: "a.ts",
        before: "import a from 'a';\r\n",
        ours: "import {\r\n  b\r\n} from 'b';\r\n",
        theirs: "import c from 'c';\r\n",
      }),
    ).toBe("import {\r\n  b\r\n} from 'b';\r\nimport c from 'c';\r\n");
  });

  it("keeps the blank line that opens a new group", () => {
    expect(
      text({
        path: "A.java",
        before: "import a.B;\n",
        ours: "import a.C;\n",
        theirs: "\nimport java.util.List;\n",
      }),
    ).toBe("import a.C;\n\nimport java.util.List;\n");
  });

  it("keeps a file without a newline at its end so", () => {
    expect(
      text({
        path: "a.ts",
        before: "import a from 'a';\n",
        ours: "import b from 'b'",
        theirs: "import c from 'c'",
      }),
    ).toBe("import b from 'b'\nimport c from 'c'");
  });
});
