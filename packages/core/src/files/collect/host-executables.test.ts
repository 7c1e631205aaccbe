import { describe, expect, it } from "vitest";
import type { ManifestEntry } from "../manifest.ts";
import { findHostExecutables } from "./host-executables.ts";

const file = (path: string): ManifestEntry => ({ path, kind: "file", mode: "0644", change: "created" });
const link = (path: string, target: string, change: ManifestEntry["change"] = "created"): ManifestEntry => ({
  path,
  kind: "symlink",
  mode: "0777",
  target,
  change,
});
const found = (...entries: ManifestEntry[]) => findHostExecutables("/nowhere", entries);

describe("what can make a host execute something", () => {
  it.each([
    ".vscode/tasks.json",
    "sub/.VSCode/Settings.json",
    ".claude/settings.local.json",
    "deep/er/.mcp.json",
    "CLAUDE.md",
    "AGENTS.md",
    ".cursorrules",
    ".github/copilot-instructions.md",
    ".cursor/rules/x.mdc",
    "lefthook-local.yml",
    ".lintstagedrc.json",
    "simple-git-hooks.json",
    ".pre-commit-config.yaml",
    "Jenkinsfile",
    ".forgejo/workflows/x.yml",
    ".gitea/workflows/x.yaml",
    ".woodpecker.yml",
    ".drone.star",
    ".gitlab-ci.yml",
    "conftest.py",
    "lib/sitecustomize.py",
    "evil.pth",
    ".gdbinit",
    ".lldbinit",
    ".pythonrc.py",
    ".irbrc",
    ".psqlrc",
    ".sqliterc",
    ".envrc",
    "mise.toml",
    ".tool-versions",
    ".bashrc",
    ".zshenv",
    ".Rprofile",
    ".pnpmfile.cjs",
    ".yarnrc.yml",
    "pnpm-workspace.yaml",
    "Gemfile",
    "Cargo.toml",
    "build.rs",
    "app/build.gradle.kts",
    "pom.xml",
    "CMakeLists.txt",
    "Makefile",
    "GNUmakefile",
    "eslint.config.js",
    ".eslintrc",
    ".eslintrc.json",
    ".prettierrc.yaml",
    "vite.config.mts",
    "jest.config.json",
    ".babelrc",
    "webpack.config.prod.js",
    ".hg/hgrc",
    ".jj/repo/config.toml",
    "_darcs/prefs/defaults",
    ".idea/workspace.xml",
    ".nvim.lua",
    ".dir-locals.el",
    ".emacs",
    ".devcontainer/devcontainer.json",
    "run.desktop",
    "autorun.inf",
    "nested/package.json",
    "composer.json",
    "tsconfig.json",
  ])("%s", (path) => {
    expect(found(file(path))).toEqual([path]);
  });

  it.each([
    "README.md",
    "src/index.ts",
    "vscode/tasks.json",
    "claude/settings.json",
    "docs/config.md",
    ".nvmrc",
    "src/arc",
  ])("not %s", (path) => {
    expect(found(file(path))).toEqual([]);
  });

  it("the most dangerous first, whatever they are called, and all of them", () => {
    const many = Array.from({ length: 200 }, (_, index) => file(`a${index}/Makefile`));
    const list = found(
      ...many,
      file("z/.envrc"),
      file("y/CLAUDE.md"),
      file("a/.github/workflows/x.yml"),
      file("b/.npmrc"),
    );
    expect(list).toHaveLength(204);
    expect(list.slice(0, 3)).toEqual(["z/.envrc", "y/CLAUDE.md", "b/.npmrc"]);
    expect(list.at(-1)).toBe("a/.github/workflows/x.yml");
  });

  it("a link in the place of such a directory, and what it leads to", () => {
    expect(found(link(".vscode", "editor"), file("editor/tasks.json"), file("other/tasks.json"))).toEqual([
      ".vscode",
      "editor/tasks.json",
    ]);
    expect(found(link("a/.github/workflows", "../ci"), file("a/ci/x.yml"))).toEqual([
      "a/.github/workflows",
      "a/ci/x.yml",
    ]);
    expect(found(link(".claude", "c", "unchanged"), file("c/settings.json")), "one that was there before").toEqual([
      "c/settings.json",
    ]);
    expect(found(link("docs", "other"), file("other/tasks.json"))).toEqual([]);
  });

  it("a directory that git takes for a repository, whatever it is called", () => {
    const directory = (path: string): ManifestEntry => ({ path, kind: "directory", mode: "0755", change: "created" });
    const bare = [file("docs/HEAD"), directory("docs/objects"), directory("docs/refs")];
    expect(found(...bare, file("docs/config"), file("docs/hooks/post-checkout"), file("docs/a.md"))).toEqual([
      "docs/config",
      "docs/hooks/post-checkout",
    ]);
    expect(found(file("HEAD"), directory("objects"), directory("refs"), file("config"))).toEqual(["config"]);
    expect(found(file("HEAD"), file("commondir"), file("x"))).toEqual(["commondir"]);
    expect(found(file("docs/config"), file("docs/HEAD"))).toEqual([]);
  });
});
