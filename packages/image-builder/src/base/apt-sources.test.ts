import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { debianMirrors } from "./apt-sources.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "glovebox-apt-"));
  await mkdir(join(root, "sources.list.d"));
});
afterEach(() => rm(root, { recursive: true }));

describe("the mirrors of this machine's apt", () => {
  it("are read from deb822 stanzas", async () => {
    const stanza = (uri: string, suites: string, more = "") =>
      `Types: deb deb-src\n${more}URIs: ${uri}\nSuites: ${suites}\n`;
    await writeFile(
      join(root, "sources.list.d/debian.sources"),
      [
        stanza("http://off.example/debian", "bookworm", "Enabled: no\n"),
        stanza("http://mirror.example/debian/", "bookworm\n bookworm-updates"),
        stanza("http://mirror.example/security", "bookworm-security"),
      ].join("\n# a comment\n\n"),
    );
    expect(await debianMirrors(root)).toEqual({
      main: "http://mirror.example/debian",
      security: "http://mirror.example/security",
    });
  });

  it("are read from one-line entries", async () => {
    const lines = [
      "# deb http://commented.example bookworm main",
      "deb [signed-by=/key.gpg arch=amd64] https://one.example/debian trixie main",
      "deb http://one.example/debian-security trixie-security main",
    ];
    await writeFile(join(root, "sources.list"), lines.join("\n"));
    expect(await debianMirrors(root)).toEqual({
      main: "https://one.example/debian",
      security: "http://one.example/debian-security",
    });
  });

  it("have their security fixes beside them where apt names no place for these", async () => {
    await writeFile(join(root, "sources.list"), "deb http://one.example/debian/ bookworm main");
    expect(await debianMirrors(root)).toEqual({
      main: "http://one.example/debian",
      security: "http://one.example/debian-security",
    });
    await writeFile(join(root, "sources.list"), "deb http://one.example/packages bookworm main");
    expect(await debianMirrors(root)).toEqual({ main: "http://one.example/packages" });
  });

  it("are unknown where apt names none that fits: other vendors', Ubuntu's, local ones, ones with a password", async () => {
    const lines = [
      "deb https://packages.example/apt cloud-sdk-bookworm main",
      "deb http://archive.ubuntu.example/ubuntu stable main",
      "deb file:/mnt/debian bookworm main",
      "deb http://me:secret@mirror.example/debian bookworm main",
    ];
    await writeFile(join(root, "sources.list"), lines.join("\n"));
    expect(await debianMirrors(root)).toBeUndefined();
  });
});
