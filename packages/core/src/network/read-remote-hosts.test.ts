import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readRemoteHosts } from "./read-remote-hosts.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-remotes-"));
  execFileSync("git", ["init", "--quiet"], { cwd: directory });
});
afterEach(() => rmSync(directory, { recursive: true }));

const configure = (text: string) => writeFileSync(join(directory, ".git/config"), text, { flag: "a" });

it("are the hosts of https, ssh and short addresses, each once", async () => {
  configure(`
[remote "origin"]
	url = https://user:pass@Git.example.com/a/b.git
	pushurl = git@git.example.com:a/b.git
[remote "ssh"]
	url = ssh://git@code.example.org:2222/a/b
`);
  expect(await readRemoteHosts(directory)).toEqual(["git.example.com", "code.example.org"]);
});

it("leave out what cannot be a public name: addresses, ports, files, helpers, other protocols", async () => {
  const addresses = [
    "http://plain.test/a",
    "https://other.test:8443/a",
    "https://127.0.0.1/a",
    "https://[::1]/a",
    "https://2130706433/a",
    "https://localhost/a",
    "file:///etc/passwd",
    "/srv/a.git",
    "../b.git",
    "ext::sh -c touch% ran",
    "git://old.test/a",
    "git@127.0.0.1:a/b",
    `https://${"a".repeat(3000)}.test/`,
  ];
  configure(addresses.map((url, index) => `[remote "r${index}"]\n\turl = "${url}"\n`).join(""));
  expect(await readRemoteHosts(directory)).toEqual([]);
  expect(existsSync(join(directory, "ran"))).toBe(false);
});

it("are bounded, and come from no other file", async () => {
  writeFileSync(join(directory, "more"), '[remote "x"]\n\turl = https://included.test/a\n');
  configure('[include]\n\tpath = ../more\n[url "https://rewritten.test/"]\n\tinsteadOf = https://r1.test/\n');
  for (let i = 0; i < 50; i += 1) configure(`[remote "r${i}"]\n\turl = https://r${i}.test/a\n`);
  const hosts = await readRemoteHosts(directory);
  expect(hosts).toHaveLength(16);
  expect(hosts[1]).toBe("r1.test");
  expect(hosts).not.toContain("included.test");
});

it("are empty without a repository, or with one that cannot be read", async () => {
  configure("[remote");
  expect(await readRemoteHosts(directory)).toEqual([]);
  rmSync(join(directory, ".git"), { recursive: true });
  expect(await readRemoteHosts(directory)).toEqual([]);
});
