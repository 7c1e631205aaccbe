import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { SandboxFileError, type SandboxFiles, SandboxLostError, SandboxNotFoundError } from "@glovebox/core/provider";
import { extract, type Header, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, sh } from "./collect.ts";
import { type Guest, startGuest } from "./start-guest.ts";

let guest: Guest;
let files: SandboxFiles;
let directories = 0;
beforeAll(async () => {
  guest = await startGuest();
  files = guest.connection.files;
});
afterAll(() => guest[Symbol.asyncDispose]());

/** A directory of the test's own, made by a script that runs in it. */
async function directory(script: string): Promise<string> {
  directories += 1;
  const path = join(guest.workspace, `directory-${directories}`);
  await files.makeDirectory(path);
  const { exit, stderr } = await run(guest.connection, ["bash", "-c", script], { cwd: path });
  expect({ exit, stderr: stderr.toString() }).toEqual({ exit: { exitCode: 0, reason: "exited" }, stderr: "" });
  return path;
}

async function* bytes(...pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

interface Unpacked {
  readonly header: Header;
  readonly content: Buffer;
}

async function unpack(archive: AsyncIterable<Uint8Array>): Promise<Map<string, Unpacked>> {
  const entries = new Map<string, Unpacked>();
  const reader = extract();
  reader.on("entry", (header, body, next) => {
    const pieces: Buffer[] = [];
    body.on("data", (piece) => pieces.push(piece as Buffer));
    body.on("end", () => {
      entries.set(header.name, { header, content: Buffer.concat(pieces) });
      next();
    });
  });
  await new Promise<void>((resolve, reject) => {
    reader.on("finish", resolve).on("error", reject);
    Readable.from(archive).pipe(reader);
  });
  return entries;
}

function archive(
  ...entries: readonly (readonly [Partial<Header> & Pick<Header, "name">, string?])[]
): AsyncIterable<Uint8Array> {
  const tar = pack();
  for (const [header, content] of entries) {
    if (content === undefined) tar.entry(header).end(null);
    else tar.entry(header, content);
  }
  tar.finalize();
  return tar as AsyncIterable<Uint8Array>;
}

describe("single files", () => {
  it("are written whole, with parents and mode, and read back", async () => {
    const path = join(guest.workspace, "new/deep/file");
    await files.writeStream(path, bytes("one", "", "two"), { mode: 0o750 });
    expect(await text(await files.readStream(path))).toBe("onetwo");
    expect(await files.stat(path)).toMatchObject({ path, kind: "file", size: 6, mode: 0o750 });
    expect(lstatSync(path).uid).toBe(1000);
    await files.writeStream(path, bytes());
    expect(await text(await files.readStream(path))).toBe("");
  });

  it("stay as they were when the new body fails", async () => {
    const path = join(guest.workspace, "kept/file");
    await files.writeStream(path, bytes("old"));
    const failing = (async function* () {
      yield Buffer.from("new");
      throw new Error("the source broke");
    })();
    await expect(files.writeStream(path, failing)).rejects.toThrow("the source broke");
    const controller = new AbortController();
    const endless = (async function* () {
      for (;;) {
        yield Buffer.alloc(100_000);
        controller.abort();
      }
    })();
    await expect(files.writeStream(path, endless, { signal: controller.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    await files.stat(path);
    await expect.poll(() => readdirSync(join(guest.workspace, "kept"))).toEqual(["file"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it("that are missing or not files are reported as different errors", async () => {
    const path = await directory("mkfifo fifo; ln -s /etc/passwd link; mkdir sub");
    expect(await files.stat(join(path, "none"))).toBeNull();
    await expect(files.readStream(join(path, "none"))).rejects.toBeInstanceOf(SandboxNotFoundError);
    await expect(files.list(join(path, "none"))).rejects.toBeInstanceOf(SandboxNotFoundError);
    for (const name of ["fifo", "link", "sub"]) {
      await expect(files.readStream(join(path, name))).rejects.toBeInstanceOf(SandboxFileError);
    }
    await expect(files.readStream("/etc/shadow")).rejects.toBeInstanceOf(SandboxFileError);
    const listed = await files.list(path);
    expect(listed.map(({ path: found, kind }) => [found.slice(path.length + 1), kind]).sort()).toEqual([
      ["fifo", "other"],
      ["link", "symlink"],
      ["sub", "directory"],
    ]);
    expect((await files.stat(join(path, "link")))?.target).toBe("/etc/passwd");
  });

  it("are looked at by the hundred at once", async () => {
    const found = await Promise.all(Array.from({ length: 100 }, () => files.stat("/etc/passwd")));
    expect(found.every((info) => info?.kind === "file")).toBe(true);
  });

  it("move and go", async () => {
    const path = await directory("mkdir -p a/b; echo x > a/b/c; ln -s ../.. a/up");
    await files.move(join(path, "a"), join(path, "z"));
    expect(await text(await files.readStream(join(path, "z/b/c")))).toBe("x\n");
    await files.remove(join(path, "z"));
    await files.remove(join(path, "z"));
    expect(readdirSync(path)).toEqual([]);
  });
});

describe("an archive of a directory", () => {
  it("holds every legal name, mode and kind", async () => {
    const long = `${"long/".repeat(40)}${"n".repeat(200)}`;
    const names = [
      " ",
      "-dash",
      ".dot",
      "new\nline",
      "tab\t",
      "ünï-日本-🎉",
      'quo"te',
      "back\\slash",
      "star*",
      "a=b",
      "trailing ",
      long,
    ];
    const path = await directory(`
      mkdir -p "${"long/".repeat(40)}" empty-directory
      for name in ${names.map((name) => `$'${name.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'`).join(" ")}; do printf %s "$name" > "$name"; done
      : > empty; head -c 3000000 /dev/urandom > binary; chmod 755 binary; echo s > setid; chmod 6755 setid
      ln -s /etc/passwd absolute; ln -s nowhere dangling; ln empty hard
      touch -d '2001-02-03 04:05:06 UTC' empty; sha256sum < binary > sum`);
    const entries = await unpack(await files.getArchive(path));
    for (const name of names) expect(entries.get(name)?.content.toString()).toBe(name);
    expect(entries.get("empty-directory")?.header.type).toBe("directory");
    expect(entries.get("empty")?.header.mtime?.toISOString()).toBe("2001-02-03T04:05:06.000Z");
    expect(entries.get("hard")?.header.type).toBe("file");
    expect(entries.get("binary")?.header.mode).toBe(0o755);
    expect(entries.get("setid")?.header.mode).toBe(0o6755);
    expect(entries.get("binary")?.content.equals(readFileSync(join(path, "binary")))).toBe(true);
    expect(entries.get("absolute")?.header).toMatchObject({ type: "symlink", linkname: "/etc/passwd" });
    expect(entries.get("dangling")?.header).toMatchObject({ type: "symlink", linkname: "nowhere" });
  });

  it("names what it cannot hold", async () => {
    const path = await directory(`
      mkfifo fifo; echo x > secret; chmod 000 secret; mkdir -m 000 closed; echo x > $'not-\\xff-utf8'; mkdir $'dir-\\xfe'; echo x > $'dir-\\xfe/below'
      ln -s $'to-\\xff' link; echo fine > fine`);
    const entries = await unpack(await files.getArchive(path));
    const reasons = Object.fromEntries(
      [...entries].map(([name, { header }]) => [
        name,
        (header.pax as Record<string, string> | null)?.["GLOVEBOX.skipped"],
      ]),
    );
    expect(reasons).toEqual({
      fifo: expect.stringContaining("fifo"),
      secret: expect.stringContaining("EACCES"),
      closed: expect.stringContaining("EACCES"),
      "not-\\xff-utf8": expect.stringContaining("UTF-8"),
      "dir-\\xfe": expect.stringContaining("UTF-8"),
      link: expect.stringContaining("UTF-8"),
      fine: undefined,
    });
    await run(guest.connection, ["chmod", "755", join(path, "closed")]);
  });

  it("that its user has locked is read all the same", async () => {
    const path = await directory("echo kept > file; chmod 000 .");
    expect([...(await unpack(await files.getArchive(path))).keys()]).toEqual(["file"]);
  });

  it("leaves out what is excluded, by name anywhere or by path", async () => {
    const path = await directory(
      "mkdir -p node_modules a/node_modules build/cache a/build/cache; touch node_modules/x a/node_modules/x build/cache/x a/build/cache/x a/keep",
    );
    const entries = await unpack(await files.getArchive(path, { exclude: ["node_modules", "./build/cache"] }));
    expect([...entries.keys()].sort()).toEqual(["a", "a/build", "a/build/cache", "a/build/cache/x", "a/keep", "build"]);
  });

  it("marks a file that changes while it is read", async () => {
    const path = await directory("head -c 20000000 /dev/zero > shrinking; echo later > zlast");
    const stream = await files.getArchive(path);
    const slow = (async function* () {
      let first = true;
      for await (const piece of stream) {
        yield piece;
        if (first) await run(guest.connection, sh('truncate -s 100 "$1"', join(path, "shrinking")));
        first = false;
      }
    })();
    const entries = await unpack(slow);
    expect(entries.get("shrinking")?.header.pax).toMatchObject({ "GLOVEBOX.skipped": "changed while it was read" });
    expect(entries.get("zlast")?.content.toString()).toBe("later\n");
  });

  it("of ten thousand files, and of one of 1 GiB, comes in bounded memory", async () => {
    const many = await directory("mkdir sub; cd sub; seq 1 10000 | xargs touch");
    expect((await unpack(await files.getArchive(many))).size).toBe(10_001);
    const path = await directory("truncate -s 1G sparse");
    let size = 0;
    let most = 0;
    for await (const piece of await files.getArchive(path)) {
      size += piece.length;
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(size).toBeGreaterThan(2 ** 30);
    expect(most).toBeLessThan(600 * 2 ** 20);
    const { stdout } = await run(
      guest.connection,
      sh("awk '/^VmHWM/ {print $2}' /proc/$(ps -eo pid,args | awk '/[s]upervisor.cjs serve/ {print $1; exit}')/status"),
    );
    expect(Number(stdout.toString())).toBeLessThan(400 * 1024);
  });

  it("that is broken off is lost", async () => {
    const path = await directory("truncate -s 200M sparse");
    const stream = await files.getArchive(path);
    const reading = (async () => {
      for await (const _ of stream) await run(guest.connection, sh("pkill -9 -f '[f]iles get'"));
    })();
    await expect(reading).rejects.toBeInstanceOf(SandboxFileError);
    const other = await startGuest();
    await run(other.connection, sh("truncate -s 200M sparse"));
    const cut = (async () => {
      for await (const _ of await other.connection.files.getArchive(other.workspace)) other.process.kill("SIGKILL");
    })();
    await expect(cut).rejects.toBeInstanceOf(SandboxLostError);
    await other[Symbol.asyncDispose]();
  });

  it("of a missing directory is not there", async () => {
    await expect(files.getArchive(join(guest.workspace, "none"))).rejects.toBeInstanceOf(SandboxNotFoundError);
  });
});

describe("an archive into a directory", () => {
  it("brings files, modes, times, links and directories", async () => {
    const path = join(guest.workspace, "fresh/target");
    const mtime = new Date("2020-01-02T03:04:05Z");
    const tar = archive(
      [{ name: "dir", type: "directory", mode: 0o555, mtime }],
      [{ name: "dir/日本", mode: 0o600, mtime }, "text"],
      [{ name: "./parents/made/x" }, ""],
      [{ name: "link", type: "symlink", linkname: "/nowhere" }],
    );
    await files.putArchive(path, tar);
    expect(readFileSync(join(path, "dir/日本"), "utf8")).toBe("text");
    expect(lstatSync(join(path, "dir")).mode & 0o777).toBe(0o555);
    expect(lstatSync(join(path, "dir")).mtime).toEqual(mtime);
    expect(lstatSync(join(path, "dir/日本")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(path, "parents/made/x"))).toBe(true);
    expect((await files.stat(join(path, "link")))?.target).toBe("/nowhere");
    await run(guest.connection, ["chmod", "755", join(path, "dir")]);
  });

  it("replaces what is there, and never writes through a link", async () => {
    const path = await directory(
      "mkdir outside inside; ln -s ../outside inside/planted; ln -s ../outside/victim inside/file; echo old > inside/old",
    );
    const tar = archive([{ name: "planted/x" }, "1"], [{ name: "file" }, "2"], [{ name: "old" }, "3"]);
    await files.putArchive(join(path, "inside"), tar);
    expect(readdirSync(join(path, "outside"))).toEqual([]);
    expect(["planted/x", "file", "old"].map((name) => readFileSync(join(path, "inside", name), "utf8"))).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  it("refuses what lies outside", async () => {
    const path = await directory("mkdir in");
    for (const name of ["../out", "/tmp/glovebox-out", "a/../../out"]) {
      await expect(files.putArchive(join(path, "in"), archive([{ name }, "x"]))).rejects.toBeInstanceOf(
        SandboxFileError,
      );
    }
    const long = archive([{ name: "../out" }, "x"], [{ name: "long" }, "y".repeat(50_000_000)]);
    await expect(files.putArchive(join(path, "in"), long)).rejects.toThrow(/lies outside/);
    expect(readdirSync(path)).toEqual(["in"]);
  });

  it("that ends early rejects, wherever it was cut", async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of archive([{ name: "zeros" }, "\0".repeat(4096)], [{ name: "last" }, "x"]))
      pieces.push(piece);
    const whole = Buffer.concat(pieces);
    for (const length of [0, 100, 512, 1000, 512 + 4096, 512 + 4096 + 512, 512 + 4096 + 1024, whole.length - 512]) {
      const tar = bytes(whole.subarray(0, length));
      await expect(files.putArchive(join(guest.workspace, "early"), tar), `${length} bytes`).rejects.toBeInstanceOf(
        SandboxFileError,
      );
    }
    await files.putArchive(join(guest.workspace, "early"), bytes(whole));
  });
});
