import { describe, expect, it } from "vitest";
import type { ManifestEntry } from "../run/run-result.ts";
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
    "lefthook-local.yml",
    ".lintstagedrc.json",
    "simple-git-hooks.json",
    "Jenkinsfile",
    "conftest.py",
    "lib/sitecustomize.py",
    "evil.pth",
    ".envrc",
    ".Rprofile",
    ".pnpmfile.cjs",
    "pnpm-workspace.yaml",
    "Gemfile",
    "app/build.gradle.kts",
    "eslint.config.js",
    "nested/package.json",
    "composer.json",
  ])("%s", (path) => {
    expect(found(file(path))).toEqual([path]);
  });

  it.each(["README.md", "src/index.ts", "Makefile", "vscode/tasks.json", "claude/settings.json"])("not %s", (path) => {
    expect(found(file(path))).toEqual([]);
  });

  it("a link in the place of such a folder, and what it leads to", () => {
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

  it("a folder that git takes for a repository, whatever it is called", () => {
    const folder = (path: string): ManifestEntry => ({ path, kind: "directory", mode: "0755", change: "created" });
    const bare = [file("docs/HEAD"), folder("docs/objects"), folder("docs/refs")];
    expect(found(...bare, file("docs/config"), file("docs/hooks/post-checkout"), file("docs/a.md"))).toEqual([
      "docs/config",
      "docs/hooks/post-checkout",
    ]);
    expect(found(file("HEAD"), folder("objects"), folder("refs"), file("config"))).toEqual(["config"]);
    expect(found(file("HEAD"), file("commondir"), file("x"))).toEqual(["commondir"]);
    expect(found(file("docs/config"), file("docs/HEAD"))).toEqual([]);
  });
});
