/** Roles that a path alone gives away: tests and build configuration. */

const BUILD_FILE =
  /(^|\/)([\w.-]+\.config|\.?[\w-]+rc|gulpfile|gruntfile|webpack[\w.-]*|rollup[\w.-]*|esbuild[\w.-]*|knexfile|karma\.conf|jest[\w.-]*|babel[\w.-]*|prettier[\w.-]*|eslint[\w.-]*|commitlint[\w.-]*|ecosystem[\w.-]*)\.[cm]?[jt]s$/i;

/** Named as a test by its own file name: never part of what runs in production. */
export function isTestFile(file: string): boolean {
  return (
    /\.(test|spec|e2e|cy|stories|e2e-spec|int-spec)\.[cm]?[jt]sx?$/i.test(file) ||
    /(^|\/)(__tests?__|__mocks__)\//.test(file)
  );
}

/** Lies in a folder where tests usually live; code that the server imports from there is still the server's. */
export function isInTestFolder(file: string): boolean {
  return (
    /(^|\/)(tests?|e2e|spec|cypress|playwright|fixtures|__fixtures__)\//i.test(file) ||
    /(^|\/)(jest|vitest|test)[.-]?(setup|utils|helpers?)\b/i.test(file)
  );
}

/** Shown to those who read the repo: a package's examples, each started by hand. */
export function isExample(file: string): boolean {
  return /(^|\/)(examples?|samples?|demos?)\//i.test(file);
}

/** Configuration that a bundler, test runner or linter executes. */
export function isBuildFile(file: string): boolean {
  return BUILD_FILE.test(file);
}
