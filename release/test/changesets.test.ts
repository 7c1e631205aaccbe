import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../published-directories.ts";

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** The repository's manifests and its way of releasing, in a directory of their own, after a release of everything at 1.0.0. */
async function releasedCopy(): Promise<string> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-release-")));
  directories.push(directory);
  const files = globSync("{packages,apps}/*/package.json", { cwd: repositoryRoot });
  for (const file of [...files, "package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", ".changeset/config.json"]) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(repositoryRoot, file), join(directory, file));
  }
  for (const file of files) {
    const manifest = JSON.parse(readFileSync(join(directory, file), "utf8")) as { version: string };
    writeFileSync(join(directory, file), JSON.stringify({ ...manifest, version: "1.0.0" }));
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(directory, "node_modules"));
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=Release", "-c", "user.email=release@example.com", ...args], { cwd: directory });
  writeFileSync(join(directory, ".gitignore"), "node_modules\n");
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-qm", "Released");
  return directory;
}

/** The versions that a release with these changes gives, of the packages whose version changes. */
async function release(
  changes: Readonly<Record<string, "patch" | "minor" | "major">>,
): Promise<Record<string, string>> {
  const directory = await releasedCopy();
  const lines = Object.entries(changes).map(([name, bump]) => `"${name}": ${bump}`);
  writeFileSync(join(directory, ".changeset/a-change.md"), `---\n${lines.join("\n")}\n---\n\nA change.\n`);
  await execa(join(repositoryRoot, "node_modules/.bin/changeset"), ["version"], { cwd: directory });
  const manifests = globSync("{packages,apps}/*/package.json", { cwd: directory }).map(
    (file) =>
      JSON.parse(readFileSync(join(directory, file), "utf8")) as { name: string; version: string; private?: boolean },
  );
  const changed = manifests.filter(({ version, private: hidden }) => version !== "1.0.0" && !hidden);
  return Object.fromEntries(changed.map(({ name, version }) => [name, version]).sort());
}

describe("a dry release", () => {
  it("of a compatible change in core alone bumps core, and nothing else: its users' ranges already allow it", async () => {
    expect(await release({ "@glovebox/core": "minor" })).toEqual({ "@glovebox/core": "1.1.0" });
  });

  it("of a breaking change in core bumps what depends on it too", async () => {
    const versions = await release({ "@glovebox/core": "major" });
    expect(versions["@glovebox/core"]).toBe("2.0.0");
    expect(versions["@glovebox/provider-docker"]).toBe("1.0.1");
    expect(versions["@glovebox/cli"]).toBe("1.0.1");
  });

  it("of a change in a provider alone bumps that provider alone", async () => {
    expect(await release({ "@glovebox/provider-docker": "patch" })).toEqual({ "@glovebox/provider-docker": "1.0.1" });
  });

  it("of a change in both bumps each by its own", async () => {
    expect(await release({ "@glovebox/core": "minor", "@glovebox/provider-docker": "minor" })).toEqual({
      "@glovebox/core": "1.1.0",
      "@glovebox/provider-docker": "1.1.0",
    });
  });
});
