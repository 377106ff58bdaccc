// What a change of a file means for tests, by its name alone.

/** Files that no test reads: words for people, pictures, settings of editors and of the forge. */
const wordsOnly = /\.(?:md|markdown|rst|adoc|png|jpe?g|gif|svg|ico|webp|pdf)$/i;
const namesOnly =
  /^(?:license|licence|notice|authors|contributors|codeowners|changelog|changes|\.gitignore|\.gitattributes|\.editorconfig|\.npmignore|\.dockerignore|\.prettierignore|\.eslintignore|\.mailmap)(?:\.txt)?$/i;

/** Whether tests cannot hang on a file. */
export function isForPeople(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return wordsOnly.test(name) || namesOnly.test(name) || path.startsWith(".github/");
}

/** Files whose importers can be found by reading imports. */
export const scriptFile = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte)$/;
export const pythonFile = /\.pyi?$/;

/** Files that say how a project is built and tested: all tests hang on them. */
const settings =
  /(?:^|\/)(?:\.[\w-]+rc(?:\.[cm]?[jt]s)?|[\w.-]+\.config\.[cm]?[jt]s|gulpfile\.js|Gruntfile\.js)$/;

/** The paths that a runner for JavaScript finds the importers of; `null` where one of them can affect every test. */
export function scriptPaths(paths: readonly string[]): readonly string[] | null {
  return traceable(paths.map(testOfSnapshot), (path) => scriptFile.test(path) && !settings.test(path));
}

export function pythonPaths(paths: readonly string[]): readonly string[] | null {
  return traceable(paths, (path) => pythonFile.test(path) && !/(?:^|\/)(?:setup|noxfile)\.py$/.test(path));
}

function traceable(paths: readonly string[], isTraced: (path: string) => boolean): readonly string[] | null {
  const relevant = paths.filter((path) => !isForPeople(path));
  return relevant.every(isTraced) ? relevant : null;
}

/** `a/__snapshots__/b.test.js.snap` is read by `a/b.test.js` alone. */
function testOfSnapshot(path: string): string {
  return path.endsWith(".snap")
    ? path.slice(0, -".snap".length).replace(/(^|\/)__snapshots__\//, "$1")
    : path;
}
