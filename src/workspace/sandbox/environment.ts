// The few variables that a program in a sandbox sees.
import { AppError } from "../../core/errors.ts";

/** The sandbox's own, then the request's. A PATH of the request is put in front of the sandbox's: a virtual environment's programs come first. */
export function programEnvironment(
  own: { readonly path: readonly string[]; readonly temporary: string },
  requested: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = Object.keys(requested);
  const wrong = names.find(
    (name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || requested[name]?.includes("\0"),
  );
  if (wrong !== undefined) {
    throw new AppError("sandbox", `A program cannot be given the variable ${JSON.stringify(wrong)}.`, {
      retryable: false,
      remedy: "Name variables with letters, digits and underscores.",
    });
  }
  const { PATH: front, ...others } = requested;
  return {
    HOME: `${own.temporary}/home`,
    TMPDIR: own.temporary,
    CI: "true",
    LANG: "C.UTF-8",
    TZ: "UTC",
    NO_COLOR: "1",
    ...others,
    PATH: [...(front === undefined ? [] : [front]), ...own.path].join(":"),
  };
}
