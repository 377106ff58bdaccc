// Which files of a repository are its tests, by their names alone: what may be changed to make a test pass, and what never.

const folders =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|__snapshots__|__fixtures__|specs?|e2e|testdata|fixtures|cypress)\//i;
const names =
  /(?:[._-](?:test|tests|spec|e2e|bench)\.[cm]?[jt]sx?|(?:^|\/)test_[^/]*\.py|_test\.(?:py|go)|(?:^|\/)(?:conftest\.py|test\.[cm]?[jt]sx?)|(?:Test|Tests|Spec)\.(?:java|kt|cs|scala)|\.snap)$/;
const setup =
  /(?:^|\/)(?:(?:jest|vitest|vite|karma|playwright|cypress|ava|babel|nyc|wallaby)[\w.-]*\.config\.[\w]+|\.mocharc(?:\.\w+)?|\.taprc|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|pytest\.ini|tox\.ini|setup\.cfg|noxfile\.py|conftest\.py|(?:jest|vitest|test)[-.]?setup[\w.-]*|package\.json|pyproject\.toml|tsconfig[\w.-]*\.json|\.babelrc[\w.]*|\.swcrc|Makefile|go\.mod|Cargo\.toml)$/i;

/** Set-up files by their other usual names, what type checkers and linters let pass, and which dependencies the tests run with. */
const settings =
  /(?:^|\/)(?:setup[-.]?(?:tests?|jest|vitest|mocha)[\w.-]*|(?:karma|wdio|protractor)\.conf\.\w+|(?:jest|vitest)[.-](?:preset|workspace|global|environment)[\w.-]*|web-test-runner\.config\.\w+|mocha\.opts|\.env(?:\.[\w.-]+)?|(?:site|user)customize\.py|\.?mypy\.ini|pyrightconfig\.json|\.flake8|\.?ruff\.toml|\.?pylintrc|\.coveragerc|eslint\.config\.\w+|\.eslint(?:rc(?:\.\w+)?|ignore)|biome\.jsonc?|tslint\.json|jsconfig[\w.-]*\.json|\.golangci\.\w+|requirements[\w.-]*\.txt|constraints[\w.-]*\.txt|Pipfile|setup\.py|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|go\.work|(?:nx|turbo|lerna)\.json|deno\.jsonc?|pnpm-workspace\.yaml|Dockerfile[\w.-]*|(?:docker-)?compose\.ya?ml|(?:Just|Task|Rake)file(?:\.ya?ml)?)$/i;

/** A test, or what only tests use: snapshots, fixtures, mocks. */
export function isTestPath(path: string): boolean {
  return folders.test(path) || names.test(path);
}

/** What decides how tests are found and run, and what checkers let pass: a fix of source never touches it. */
export function decidesTests(path: string): boolean {
  return setup.test(path) || settings.test(path);
}
