// Eight merge questions with obvious answers, in eight languages. Invented for this: they are in no repository.

export interface CompetenceCase {
  readonly language: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** Shown as A, B, C and D. Exactly one keeps the changes of both sides. */
  readonly options: readonly [string, string, string, string];
  /** Which of them is right. Each label is right twice, so that no constant answer is right more often. */
  readonly right: "A" | "B" | "C" | "D";
}

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

const typescript = {
  ours: lines(
    "export function area(width: number, height: number): number {",
    "  return width * height;",
    "}",
  ),
  theirs: lines(
    "export function area(width: number, height: number) {",
    "  return Math.abs(width * height);",
    "}",
  ),
};

const java = {
  ours: lines("void close() throws IOException {", "    socket.close();", "}"),
  theirs: lines("void close() {", "    socket.close();", '    log.info("closed");', "}"),
};

const ruby = {
  ours: lines("def greet(name, title = nil)", '  "Hello " + name', "end"),
  theirs: lines("def greet(name)", '  "Good day " + name', "end"),
};

export const competenceCases: readonly CompetenceCase[] = [
  {
    language: "TypeScript",
    base: lines("export function area(width: number, height: number) {", "  return width * height;", "}"),
    ...typescript,
    options: [
      typescript.ours,
      typescript.ours + typescript.theirs,
      lines(
        "export function area(width: number, height: number): number {",
        "  return Math.abs(width * height);",
        "}",
      ),
      typescript.theirs,
    ],
    right: "C",
  },
  {
    language: "Python",
    base: lines('FEES = {"card": 2, "cash": 0}'),
    ours: lines('FEES = {"card": 2, "cash": 0, "cheque": 5}'),
    theirs: lines('FEES = {"card": 3, "cash": 0}'),
    options: [
      lines('FEES = {"card": 3, "cash": 0, "cheque": 5}'),
      lines('FEES = {"card": 3, "cash": 0}'),
      lines('FEES = {"card": 2, "cash": 3, "cheque": 5}'),
      lines('FEES = {"card": 2, "cash": 0, "cheque": 5}'),
    ],
    right: "A",
  },
  {
    language: "Go",
    base: lines("import (", '\t"fmt"', '\t"os"', ")"),
    ours: lines("import (", '\t"fmt"', '\t"os"', '\t"strings"', ")"),
    theirs: lines("import (", '\t"fmt"', '\t"os"', '\t"time"', ")"),
    options: [
      lines("import (", '\t"fmt"', '\t"os"', '\t"strings"', ")"),
      lines("import (", '\t"fmt"', '\t"os"', '\t"time"', ")"),
      lines("import (", '\t"fmt"', '\t"strings"', '\t"time"', ")"),
      lines("import (", '\t"fmt"', '\t"os"', '\t"strings"', '\t"time"', ")"),
    ],
    right: "D",
  },
  {
    language: "Java",
    base: lines("void close() {", "    socket.close();", "}"),
    ...java,
    options: [
      java.ours + java.theirs,
      lines("void close() throws IOException {", "    socket.close();", '    log.info("closed");', "}"),
      java.theirs,
      java.ours,
    ],
    right: "B",
  },
  {
    language: "Rust",
    base: lines("struct User {", "    name: String,", "}"),
    ours: lines("struct User {", "    name: String,", "    age: u8,", "}"),
    theirs: lines("struct User {", "    name: String,", "    email: String,", "}"),
    options: [
      lines("struct User {", "    name: String,", "    email: String,", "}"),
      lines("struct User {", "    name: String,", "    age: u8,", "    email: String,", "}"),
      lines(
        "struct User {",
        "    name: String,",
        "    age: u8,",
        "    name: String,",
        "    email: String,",
        "}",
      ),
      lines("struct User {", "    name: String,", "    age: u8,", "}"),
    ],
    right: "B",
  },
  {
    language: "YAML",
    base: lines("node: 18", "timeout: 10"),
    ours: lines("node: 20", "timeout: 10"),
    theirs: lines("node: 18", "timeout: 15"),
    options: [
      lines("node: 18", "timeout: 15"),
      lines("node: 18", "timeout: 10"),
      lines("node: 20", "timeout: 10"),
      lines("node: 20", "timeout: 15"),
    ],
    right: "D",
  },
  {
    language: "Ruby",
    base: lines("def greet(name)", '  "Hello " + name', "end"),
    ...ruby,
    options: [
      lines("def greet(name, title = nil)", '  "Good day " + name', "end"),
      ruby.theirs,
      ruby.ours,
      ruby.theirs + ruby.ours,
    ],
    right: "A",
  },
  {
    language: "SQL",
    base: lines("SELECT id FROM users;"),
    ours: lines("SELECT id, email FROM users;"),
    theirs: lines("SELECT id FROM users WHERE active;"),
    options: [
      lines("SELECT id FROM users WHERE active;"),
      lines("SELECT id, email FROM users;", "SELECT id FROM users WHERE active;"),
      lines("SELECT id, email FROM users WHERE active;"),
      lines("SELECT id, email FROM users;"),
    ],
    right: "C",
  },
];
