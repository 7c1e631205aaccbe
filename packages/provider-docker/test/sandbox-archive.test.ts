import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { GetArchiveOptions, Sandbox, SandboxSpec } from "@glovebox/core/provider";
import { extract, type Header } from "tar-stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDockerProvider } from "../src/index.ts";
import { type EngineProxy, engineProxy } from "./engine-proxy.ts";
import { sandboxFixture, shell, until } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();
const large = "head -c 20000000 /dev/urandom > large";

interface Place {
  readonly proxy: EngineProxy;
  readonly sandbox: Sandbox;
}

/** A sandbox behind a proxy, its workspace made by a script. */
async function workspace(script: string, changes?: Partial<SandboxSpec>): Promise<Place> {
  const proxy = await engineProxy();
  const sandbox = await createDockerProvider({ host: proxy.host }).create(fixture.spec(changes));
  onTestFinished(async () => {
    await fixture.provider.destroy(sandbox.id);
    await sandbox.close();
  });
  const { exitCode, stderr } = await shell(sandbox, `set -e; cd /workspace; ${script}`);
  expect(exitCode, stderr).toBe(0);
  return { proxy, sandbox };
}

interface Found extends Pick<Header, "type" | "mode" | "linkname"> {
  readonly seconds: number;
  readonly sha256: string;
  readonly skipped: string | undefined;
}

async function entries(sandbox: Sandbox, options?: GetArchiveOptions): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const archive = Readable.from(await sandbox.files.getArchive("/workspace", options));
  for await (const entry of archive.pipe(extract())) {
    const { name, type, mode, linkname, mtime, pax } = entry.header;
    const hash = createHash("sha256");
    for await (const piece of entry) hash.update(piece as Uint8Array);
    const path = name.replace(/^\.\//, "").replace(/\/$/, "");
    const skipped = (pax as Record<string, string> | null | undefined)?.["GLOVEBOX.skipped"];
    const seconds = Math.floor(mtime.getTime() / 1000);
    // The engine's modes hold the kind as well.
    if (path !== "")
      found.set(path, { type, mode: mode & 0o7777, linkname, seconds, sha256: hash.digest("hex"), skipped });
  }
  return found;
}

describe("an archive of a large directory", () => {
  it("comes from the engine, and is what it is for a small one or one that something may change", async () => {
    const { proxy, sandbox } = await workspace(`${large}
      mkdir -p empty many/deep node_modules/x src/node_modules build/cache src/build/cache
      cd many; seq 1 1100 | xargs touch; cd ..
      echo x > 'a b'; echo x > "$(printf 'line\\nbreak')"; echo x > ünï-🧤; echo x > -dash; echo x > "${"long-".repeat(45)}"
      mkdir -p "${"deep/".repeat(60)}"; echo x > "${"deep/".repeat(60)}end"
      echo x > run.sh; chmod 6755 run.sh; chmod 700 empty; touch -d '2001-02-03 04:05:06 UTC' run.sh empty
      ln -s run.sh inside; ln -s /etc/passwd outside; ln -s nowhere dangling; ln -s "${"x".repeat(150)}" far
      echo x > node_modules/x/y; ln node_modules/x/y src/node_modules/hard; echo x > build/cache/z; echo x > src/build/cache/z`);
    const exclude = ["node_modules", "./build/cache", "./far"];
    const fromEngine = await entries(sandbox, { exclude });
    expect(proxy.archives).toBe(1);
    const running = await sandbox.spawn(["sleep", "1000"]);
    const fromInside = await entries(sandbox, { exclude });
    expect(proxy.archives).toBe(1);
    expect([...fromEngine].sort()).toEqual([...fromInside].sort());
    expect(fromEngine.size).toBeGreaterThan(1100 + 60);
    expect([...fromEngine.keys()].filter((path) => /node_modules|^build\/cache|^far/.test(path))).toEqual([]);
    expect(fromEngine.get("run.sh")).toMatchObject({ mode: 0o6755, seconds: 981_173_106 });
    await running.kill();
    await sandbox.quiesce();
    expect((await entries(sandbox, { exclude: ["node_modules"] })).get("far")?.linkname).toBe("x".repeat(150));
    expect(proxy.archives).toBe(2);
  });

  it("brings a file that only root can read", async () => {
    const { proxy, sandbox } = await workspace(`${large}; echo x > secret; chmod 000 secret`);
    const found = await entries(sandbox);
    expect(proxy.archives).toBe(1);
    expect(found.get("secret")).toMatchObject({ mode: 0, skipped: undefined });
  });

  it("releases its memory only on request", async () => {
    const { sandbox } = await workspace(large);
    const digest = (pieces: readonly Uint8Array[]): string => {
      const hash = createHash("sha256");
      for (const piece of pieces) hash.update(piece);
      return hash.digest("hex");
    };
    const kept: Uint8Array[] = [];
    for await (const piece of await sandbox.files.getArchive("/workspace")) kept.push(piece);
    const copied: Uint8Array[] = [];
    for await (const piece of await sandbox.files.getArchive("/workspace", { reuseBuffers: true }))
      copied.push(Uint8Array.from(piece));
    expect(digest(kept)).toBe(digest(copied));
  });
});

describe("an archive that the engine would not make alike", () => {
  const cases: readonly [string, string, string, string | undefined][] = [
    ["a small directory", "echo x > file", "file", undefined],
    ["a fifo", `${large}; mkfifo fifo`, "fifo", "fifo"],
    ["a socket", `${large}; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s")'`, "s", "socket"],
    ["a name that is no text", `${large}; touch "$(printf 'no-\\377')"`, "no-\\xff", "UTF-8"],
    ["a link to what is no text", `${large}; ln -s "$(printf 'no-\\377')" link`, "link", "UTF-8"],
    ["a directory that its user cannot read", `${large}; mkdir -m 000 closed`, "closed", "EACCES"],
    ["a file that is linked twice", `${large}; echo x > one; ln one two`, "two", undefined],
    ["less than what is left out", `${large}; mkdir left-out; truncate -s 30M left-out/x`, "large", undefined],
  ];
  it.each(cases)("comes from inside: %s", async (_, script, path, skipped) => {
    const { proxy, sandbox } = await workspace(script);
    const found = await entries(sandbox, { exclude: ["left-out"] });
    expect(found.get(path)).toMatchObject({ type: path === "link" ? "file" : expect.any(String) });
    expect(found.get(path)?.skipped).toEqual(skipped === undefined ? undefined : expect.stringContaining(skipped));
    expect(proxy.archives).toBe(0);
  });

  it("comes from inside: what is mounted", async () => {
    const shared = mkdtempSync(join(tmpdir(), "glovebox-mount-"));
    onTestFinished(() => rmSync(shared, { recursive: true }));
    chmodSync(shared, 0o755);
    writeFileSync(join(shared, "file"), "from the host");
    const mounts = [{ source: shared, target: "/workspace/shared", readOnly: true }];
    const { proxy, sandbox } = await workspace(large, { mounts });
    expect([...(await entries(sandbox)).keys()].sort()).toEqual(["large", "shared", "shared/file"]);
    expect(proxy.archives).toBe(0);
  });

  it("comes from inside: where the agent can be root", async () => {
    const { proxy, sandbox } = await workspace(large, { rootInside: true });
    expect([...(await entries(sandbox)).keys()]).toEqual(["large"]);
    expect(proxy.archives).toBe(0);
  });
});

describe("an archive from the engine that does not come whole", () => {
  const reading = async (sandbox: Sandbox, options?: GetArchiveOptions): Promise<number> => {
    let bytes = 0;
    for await (const piece of await sandbox.files.getArchive("/workspace", options)) bytes += piece.length;
    return bytes;
  };

  it("is lost when the connection is cut, wherever that happens", async () => {
    const { proxy, sandbox } = await workspace(large);
    const whole = await reading(sandbox);
    for (const bytes of [300_000, 10_000_000, whole - 2000]) {
      proxy.archiveBytes = bytes;
      await expect(reading(sandbox), `${bytes} bytes`).rejects.toMatchObject({ code: "lost", providerId: "docker" });
    }
    proxy.archiveBytes = Number.POSITIVE_INFINITY;
    expect(await reading(sandbox)).toBe(whole);
  });

  it("is lost when a file has gone or come since the archive was agreed on", async () => {
    const { proxy, sandbox } = await workspace(`${large}; echo x > small`);
    await using other = await fixture.provider.connect(sandbox.id);
    for (const script of ["rm small", "touch new"]) {
      proxy.beforeArchive = async () => void (await shell(other, `cd /workspace; ${script}`));
      await expect(reading(sandbox), script).rejects.toMatchObject({ code: "lost" });
    }
    proxy.beforeArchive = async () => {};
    expect(await reading(sandbox)).toBeGreaterThan(20_000_000);
  });

  it("comes from inside when the engine does not answer with one", async () => {
    const { proxy, sandbox } = await workspace(large);
    proxy.archiveBytes = 100;
    expect([...(await entries(sandbox)).keys()]).toEqual(["large"]);
    expect(proxy.archives).toBe(1);
  });

  it("is lost when the sandbox has gone", async () => {
    const { proxy, sandbox } = await workspace(large);
    proxy.beforeArchive = () => fixture.provider.destroy(sandbox.id);
    await expect(reading(sandbox)).rejects.toMatchObject({ code: "lost" });
  });

  it("ends with the caller: by the signal, or when it is read no further", async () => {
    const { proxy, sandbox } = await workspace(large);
    const before = proxy.connections;
    const controller = new AbortController();
    const aborted = (async () => {
      for await (const _ of await sandbox.files.getArchive("/workspace", { signal: controller.signal }))
        controller.abort();
    })();
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    const early = new AbortController();
    proxy.beforeArchive = async () => early.abort();
    await expect(reading(sandbox, { signal: early.signal })).rejects.toMatchObject({ code: "aborted" });
    proxy.beforeArchive = async () => {};
    for await (const _ of await sandbox.files.getArchive("/workspace")) break;
    expect(proxy.archives).toBe(3);
    await until(async () => proxy.connections === before, "the archives' connections are closed");
  });
});
