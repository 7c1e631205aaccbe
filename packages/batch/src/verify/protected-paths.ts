import ignore, { type Ignore } from "ignore";

/** A rule's kind, and its patterns in gitignore syntax. */
type Rule = readonly [kind: string, patterns: readonly string[]];

/**
 * What decides the verdict of a test command, by kind; the first kind that matches counts. Files of all other kinds than `test`
 * are looked at first: a `conftest.py` in `tests/` is configuration.
 */
const rules: readonly Rule[] = [
  [
    "runner",
    [
      "node_modules",
      "bower_components",
      ".venv",
      "venv",
      ".tox",
      ".nox",
      "site-packages",
      "vendor/bin",
      "vendor/bundle",
      ".yarn",
      ".pnp.*",
      // Python looks in the current directory before it looks in its library.
      ...["pytest", "_pytest", "pluggy", "unittest", "nose", "doctest", "coverage"].flatMap((name) => [
        `${name}.py`,
        `${name}/`,
      ]),
    ],
  ],
  [
    "cache",
    [
      ".turbo",
      ".nx",
      ".cache",
      ".parcel-cache",
      ".pytest_cache",
      ".vitest",
      ".vite",
      ".jest-cache",
      ".eslintcache",
      ".mypy_cache",
      ".ruff_cache",
      "__pycache__",
      "*.pyc",
      "*.tsbuildinfo",
      ".gradle",
      ".nyc_output",
      ".coverage",
      ".phpunit.result.cache",
      ".phpunit.cache",
      ".rspec_status",
    ],
  ],
  [
    "preload",
    [
      "sitecustomize.py",
      "usercustomize.py",
      "*.pth",
      ".npmrc",
      ".yarnrc*",
      ".pnpmfile.*",
      "pnpmfile.*",
      "bunfig.toml",
      ".env",
      ".env.*",
      "!.env.example",
      ".envrc",
      ".node_repl*",
      ".pythonrc*",
      ".pdbrc*",
      ".bashrc",
      ".profile",
      ".zshenv",
      ".zshrc",
      "*mise.toml",
      ".tool-versions",
      ".nvmrc",
      ".node-version",
      ".python-version",
      ".ruby-version",
    ],
  ],
  ["git", [".git", ".gitattributes", ".gitmodules", ".gitconfig", ".lfsconfig", ".husky", ".githooks"]],
  [
    "lock-file",
    [
      "package-lock.json",
      "npm-shrinkwrap.json",
      "yarn.lock",
      "pnpm-lock.yaml",
      "bun.lock",
      "bun.lockb",
      "deno.lock",
      "poetry.lock",
      "pdm.lock",
      "uv.lock",
      "Pipfile.lock",
      "requirements*.txt",
      "constraints*.txt",
      "Gemfile.lock",
      "composer.lock",
      "Cargo.lock",
      "go.sum",
      "go.work.sum",
      "mix.lock",
      "Package.resolved",
      "packages.lock.json",
    ],
  ],
  [
    "package",
    [
      "package.json",
      "pnpm-workspace.yaml",
      "lerna.json",
      "deno.json",
      "deno.jsonc",
      "pyproject.toml",
      "setup.cfg",
      "setup.py",
      "Pipfile",
      "Gemfile",
      "*.gemspec",
      "composer.json",
      "Cargo.toml",
      ".cargo",
      "build.rs",
      "go.mod",
      "go.work",
      "vendor/modules.txt",
      "mix.exs",
      "Package.swift",
      "*.csproj",
      "*.fsproj",
      "*.sln",
      "Directory.Build.*",
      "Directory.Packages.props",
      "NuGet.config",
      "global.json",
    ],
  ],
  [
    "config",
    [
      "*.config.js",
      "*.config.cjs",
      "*.config.mjs",
      "*.config.ts",
      "*.config.cts",
      "*.config.mts",
      "*.config.json",
      "*.workspace.js",
      "*.workspace.ts",
      "*.workspace.json",
      "karma.conf.*",
      "wdio.conf.*",
      "jest.setup.*",
      "vitest.setup.*",
      "setupTests.*",
      "setup-tests.*",
      "test-setup.*",
      ".mocharc*",
      ".nycrc*",
      ".c8rc*",
      ".taprc*",
      ".babelrc*",
      ".swcrc*",
      "tsconfig*.json",
      "jsconfig*.json",
      "turbo.json",
      "nx.json",
      "project.json",
      "angular.json",
      "conftest.py",
      "pytest.ini",
      ".pytest.ini",
      "pytest.toml",
      "tox.ini",
      "noxfile.py",
      ".coveragerc",
      ".rspec*",
      "spec_helper.rb",
      "rails_helper.rb",
      "phpunit.xml*",
      "testng.xml",
      "nextest.toml",
      "*.runsettings",
    ],
  ],
  [
    "build",
    [
      "Makefile",
      "makefile",
      "GNUmakefile",
      "*.mk",
      "justfile",
      ".justfile",
      "Taskfile.*",
      "Rakefile",
      "*.rake",
      "CMakeLists.txt",
      "*.cmake",
      "meson.build",
      "build.gradle*",
      "settings.gradle*",
      "gradle.properties",
      "gradlew",
      "gradle/",
      "pom.xml",
      "mvnw",
      ".mvn",
      "build.xml",
      "build.sbt",
      "BUILD",
      "BUILD.bazel",
      "WORKSPACE",
      "*.bzl",
      ".bazelrc",
      "gulpfile.*",
      "Gruntfile.*",
      "Jakefile*",
    ],
  ],
  [
    "test",
    [
      "**/test/**",
      "**/tests/**",
      "**/__tests__/**",
      "**/__mocks__/**",
      "**/__snapshots__/**",
      "**/spec/**",
      "**/specs/**",
      "**/e2e/**",
      "**/cypress/**",
      "**/testdata/**",
      "**/*.test.*",
      "**/*.tests.*",
      "**/*.spec.*",
      "**/*-test.*",
      "**/*_test.*",
      "**/*-spec.*",
      "**/*_spec.*",
      "**/test_*.py",
      "**/test-*.{js,ts,sh}",
      "**/tests.py",
      "**/test.{js,cjs,mjs,ts,cts,mts,py,sh,rb,pl}",
      "**/*Test.{java,kt,scala,php,cs,swift}",
      "**/*Tests.{java,kt,scala,php,cs,swift}",
      "**/*Spec.{java,kt,scala,groovy,hs,swift}",
      "**/*.snap",
      "**/*.feature",
      "**/*.bats",
    ],
  ],
];

/** Which files of a workspace a verification takes from the project, whatever the agent made of them. */
export interface ProtectionOptions {
  /**
   * More of them, in gitignore syntax; `!` before a pattern leaves files to the agent that are protected by default. The last
   * pattern that matches counts.
   */
  readonly protect?: readonly string[];
  /** Paths that are protected too, each with its kind: what the command names, test files with names of their own. */
  readonly also?: ReadonlyMap<string, string>;
}

/** The files that decide the verdict of a test command. */
export class ProtectedPaths {
  readonly #own: Ignore;
  readonly #also: ReadonlyMap<string, string>;

  constructor({ protect = [], also = new Map() }: ProtectionOptions = {}) {
    this.#own = ignore({ allowRelativePaths: false }).add([...protect]);
    this.#also = also;
  }

  /** Why a path is protected: `test`, `package`, `config`, …; `undefined` for one that is the agent's to change. */
  kindOf(path: string): string | undefined {
    const { ignored, unignored } = this.#own.test(path);
    if (unignored) return undefined;
    const kind = defaults.find(([, patterns]) => patterns.ignores(path))?.[0];
    return kind ?? this.#also.get(path) ?? (ignored ? "protected" : undefined);
  }
}

const defaults = rules.map(([kind, patterns]) => [kind, ignore().add(patterns.flatMap(expandBraces))] as const);

/** `*.{js,ts}`: gitignore syntax has no alternatives. */
function expandBraces(pattern: string): string[] {
  const [, before, alternatives, after] = /^(.*)\{(.+)\}(.*)$/.exec(pattern) ?? [];
  if (alternatives === undefined) return [pattern];
  return alternatives.split(",").map((one) => `${before}${one}${after}`);
}
