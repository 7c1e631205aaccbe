import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TarReader } from "../files/tar/tar-reader.ts";
import { tarEnd, tarHeaderBytes, tarPadding } from "../files/tar/tar-writer.ts";
import type { Harness } from "../harness/harness.ts";
import { Secret } from "../provider/secret.ts";
import { writeRecord, writeResult } from "../run/state/run-record.ts";
import { type ExportSessionOptions, exportSession } from "./export-session.ts";
import { importSession } from "./import-session.ts";
import { knownSecrets } from "./known-secrets.ts";
import { maskConversation } from "./mask-conversation.ts";
import { readSessionFile } from "./read-session-file.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-session-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

// Only what the session files need of a harness.
const harness = {
  id: "talker",
  sessions: { directory: "/home/agent/talks", isOf: (path: string, id: string) => path === `${id}.jsonl` },
} as unknown as Harness;

const secret = new Secret("MY_TOKEN", 'ab"cd-0123456789-secret');
const scanner = knownSecrets([secret]);

const hash = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

function tar(entries: readonly (readonly [path: string, content: Buffer | string])[]): Buffer {
  const pieces = entries.flatMap(([path, content]) => {
    const bytes = Buffer.from(content);
    return [
      tarHeaderBytes({ path, kind: "file", mode: 0o644, size: bytes.length, modifiedMs: 0 }),
      bytes,
      tarPadding(bytes.length),
    ];
  });
  return Buffer.concat([...pieces, tarEnd]);
}

/** A run that ended, with a conversation and two files. */
function endedRun(conversation: string, files: Readonly<Record<string, string>>): string {
  const runId = "20261130-120000-abcdef";
  const runDirectory = join(root, "home", "runs", runId);
  const directory = join(root, "out");
  mkdirSync(runDirectory, { recursive: true });
  mkdirSync(directory);
  for (const [path, content] of Object.entries(files)) writeFileSync(join(directory, path), content);
  const startedAt = "2026-11-30T12:00:00.000Z";
  const common = { v: 1, runId, providerId: "somewhere", harnessId: "talker", startedAt } as const;
  writeRecord(runDirectory, { ...common, outputDirectory: directory, promptPreview: "Do it" });
  const manifest = Object.entries(files).map(([path, content]) => {
    return {
      path,
      kind: "file",
      mode: "0644",
      size: content.length,
      sha256: hash(content),
      change: "created",
    } as const;
  });
  writeResult(runDirectory, {
    ...common,
    ...{
      outcome: "succeeded",
      reason: "done",
      exitCode: 0,
      cleanup: { state: "clean" },
      sessionId: "s-1",
      durationMs: 5,
    },
    files: { directory, complete: true, manifest, skipped: [], executable: [], bytes: 1 },
  });
  writeFileSync(
    join(runDirectory, "session.tar"),
    tar([
      ["s-1.jsonl", conversation],
      ["other.jsonl", "not this one"],
    ]),
  );
  return runId;
}

async function exported(runId: string, options: Partial<ExportSessionOptions> = {}): Promise<string> {
  const path = join(root, "session.tgz");
  await exportSession({ home: join(root, "home"), runId, harness, path, scanner, ...options });
  return path;
}

async function* bytesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

async function importBytes(bytes: Buffer) {
  const session = await readSessionFile(bytesOf(bytes));
  return await importSession(session, {
    ...{ home: join(root, "elsewhere"), harness, providerId: "here", outputDirectory: join(root, "in") },
  });
}

describe("a session file", () => {
  it("is written for its owner only, holds one conversation, and is imported with its files", async () => {
    const conversation = '{"type":"user","text":"hello"}\n{"type":"assistant"}\n';
    const path = await exported(endedRun(conversation, { "a.txt": "one\n", "b.txt": "two\n" }));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { runId, result } = await importBytes(readFileSync(path));
    expect(readdirSync(join(root, "in")).sort()).toEqual(["a.txt", "b.txt"]);
    expect(result).toMatchObject({ sessionId: "s-1", providerId: "here", outcome: "succeeded" });
    const names: string[] = [];
    const archive = readFileSync(join(root, "elsewhere", "runs", runId, "session.tar"));
    const read = {
      onEntry: ({ path: name }: { path: Buffer }) => void names.push(name.toString()),
      onContent: () => {},
      onEntryEnd: () => {},
    };
    new TarReader(read).push(archive);
    expect(names).toEqual(["s-1.jsonl"]);
    expect(archive.includes(conversation)).toBe(true);
  });

  it("replaces nothing", async () => {
    const runId = endedRun("{}\n", {});
    const path = await exported(runId);
    await expect(exported(runId)).rejects.toThrow("exists already");
    mkdirSync(join(root, "in"));
    writeFileSync(join(root, "in", "mine.txt"), "mine");
    await expect(importBytes(readFileSync(path))).rejects.toThrow("mine.txt");
    expect(readFileSync(join(root, "in", "mine.txt"), "utf8")).toBe("mine");
    expect(readdirSync(join(root, "elsewhere", "runs"))).toEqual([]);
  });

  it("has no secret in its conversation, in whatever form", async () => {
    const value = secret.reveal();
    const inside = Buffer.from(`token: ${value}!`).toString("base64");
    const lines = [{ text: `it is ${value}` }, { [value]: [encodeURIComponent(value)] }, { encoded: inside }];
    const path = await exported(endedRun(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`, {}));
    const text = gunzipSync(readFileSync(path)).toString("utf8");
    for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), inside]) {
      expect(text).not.toContain(form);
    }
    expect(text).toContain("it is [removed: MY_TOKEN]");
  });

  it("has what was found in one place taken out everywhere", async () => {
    const tokens = {
      scan: async (text: string) =>
        [...text.matchAll(/(?<!\w)tok_\w+/g)].map(({ index, 0: found }) => ({
          start: index,
          end: index + found.length,
          name: "token",
          isKnown: false,
        })),
    };
    const masked = await maskConversation('{"a":"tok_0123456789ab","b":"printf \\\\ntok_0123456789ab"}', tokens);
    expect(masked.content).not.toContain("tok_0123456789ab");
  });

  it("is not written where a file holds a secret, unless that is taken out", async () => {
    const runId = endedRun("{}\n", { "config.txt": `one\n${secret.reveal()}\n`, "plain.txt": "nothing\n" });
    const found: unknown[] = [];
    const onSecret = (one: unknown) => void found.push(one);
    await expect(exported(runId, { onSecret })).rejects.toThrow("hold what looks like a secret");
    await expect(exported(runId, { secrets: "allow" })).rejects.toThrow("hold what looks like a secret");
    expect(found[0]).toEqual({ path: "config.txt", line: 2, name: "MY_TOKEN", isKnown: true });
    expect(existsSync(join(root, "session.tgz"))).toBe(false);
    const text = gunzipSync(readFileSync(await exported(runId, { secrets: "redact" }))).toString("utf8");
    expect(text).toContain("one\n[removed: MY_TOKEN]\n");
    expect(text).not.toContain(secret.reveal());
  });

  it("keeps every value of a conversation that holds no secret", async () => {
    const content = '{"a":[1,null,true,{"b":"\\u0041\\n"}],"__proto__":{"x":1}}\nnot json\n';
    expect(await maskConversation(content, scanner)).toEqual({
      content: '{"a":[1,null,true,{"b":"A\\n"}],"__proto__":{"x":1}}\nnot json\n',
      count: 0,
    });
  });
});

type Manifest = Record<string, unknown> & { files: Record<string, unknown>[]; conversation: Record<string, unknown>[] };

const talk = '{"type":"user"}\n';

function manifest(change: (manifest: Manifest) => void = () => {}): string {
  const whole: Manifest = {
    ...{ format: "glovebox-session", version: 1, createdAt: "2026-11-30T12:00:00.000Z" },
    run: {
      ...{ id: "r", startedAt: "2026-11-30T12:00:00.000Z", durationMs: 1, outcome: "succeeded" },
      ...{ reason: "done", promptPreview: "p" },
    },
    ...{ harness: { id: "talker" }, session: { id: "s-1" }, settings: { provider: "docker" }, hasProject: false },
    conversation: [{ path: "s-1.jsonl", size: talk.length, sha256: hash(talk) }],
    files: [{ path: "a.txt", kind: "file", mode: "0644", size: 3, sha256: hash("abc"), change: "created" }],
    masked: { conversation: 0, files: 0 },
  };
  change(whole);
  return JSON.stringify(whole);
}

type Entries = [path: string, content: string | Buffer][];

const entries = (text = manifest()): Entries => [
  ["manifest.json", text],
  ["conversation/s-1.jsonl", talk],
  ["files/a.txt", "abc"],
];

const packed = (list: Entries) => gzipSync(tar(list));

/** With a first file of another path, in the manifest as in the archive. */
function named(path: string): Buffer {
  const list = entries(manifest(({ files: [file] }) => Object.assign(file ?? {}, { path })));
  return packed([...list.slice(0, 2), [`files/${path}`, "abc"]]);
}

/** With a further entry in the manifest. */
const withFile = (file: Record<string, unknown>) =>
  packed(entries(manifest(({ files }) => void files.push({ mode: "0644", change: "created", ...file }))));

function rawEntry(type: string, path: string, target = ""): Buffer {
  const header = tarHeaderBytes({ path, kind: "file", mode: 0o644, size: 0, modifiedMs: 0 });
  header.write(type, 156, 1, "latin1");
  header.write(target, 157, 100);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8, "latin1");
  return header;
}

const replaced = (index: number, entry: Entries[number]): Buffer => packed(entries().with(index, entry) as Entries);

const withRaw = (raw: Buffer) => gzipSync(Buffer.concat([tar(entries()).subarray(0, -1024), raw, tarEnd]));

const hostile: Readonly<Record<string, () => Buffer>> = {
  "that is no archive": () => Buffer.from("hello, this is nothing"),
  "that is another archive": () => packed([["package/index.js", "1"]]),
  "that is empty": () => Buffer.alloc(0),
  "that ends early": () => gzipSync(tar(entries()).subarray(0, 2500)),
  "whose compressed bytes were changed": () => {
    const bytes = Buffer.from(packed(entries()));
    bytes.writeUInt8(bytes.readUInt8(40) ^ 0xff, 40);
    return bytes;
  },
  "without its end": () => gzipSync(tar(entries()).subarray(0, -1024)),
  "with more behind its end": () => gzipSync(Buffer.concat([tar(entries()), Buffer.alloc(100_000, 1)])),
  "of a later version": () => packed(entries(manifest((one) => void Object.assign(one, { version: 2 })))),
  "with a setting that nobody knows": () =>
    packed(entries(manifest((one) => void Object.assign(one, { hooks: { Stop: [{ command: "touch owned" }] } })))),
  "with hooks among its settings": () =>
    packed(entries(manifest((one) => void Object.assign(one.settings as object, { hooks: {} })))),
  "of another harness": () => packed(entries(manifest((one) => void Object.assign(one, { harness: { id: "other" } })))),
  "whose harness is a path": () =>
    packed(entries(manifest((one) => void Object.assign(one, { harness: { id: "../x" } })))),
  "whose file has another hash": () => replaced(2, ["files/a.txt", "abd"]),
  "whose conversation has another hash": () => replaced(1, ["conversation/s-1.jsonl", talk.toUpperCase()]),
  "whose file has another size": () => replaced(2, ["files/a.txt", "abcd"]),
  "that lacks a file": () => packed(entries().slice(0, 2)),
  "with a file that it does not name": () => packed([...entries(), ["files/b.txt", "more"]]),
  "with a file twice": () => packed([...entries(), ["files/a.txt", "abc"]]),
  "that names a file twice": () => withFile({ path: "a.txt", kind: "file", size: 3, sha256: hash("abc") }),
  "whose files are in another order": () => packed([entries()[0], entries()[2], entries()[1]] as Entries),
  "whose manifest is not first": () => packed([entries()[1], entries()[0], entries()[2]] as Entries),
  "with a path that leads out": () => named("../a.txt"),
  "with a path that leads out in the middle": () => named("x/../../a.txt"),
  "with an absolute path": () => named("/tmp/a.txt"),
  "with a path with an empty part": () => named("x//a.txt"),
  "with a file in a repository": () => named(".git/config"),
  "with a file in a repository by another spelling": () => named(".GIT/hooks/post-checkout"),
  "with a file in a repository by hidden characters": () => named(".g\u200cit/config"),
  "with a link out of the directory": () => withFile({ path: "link", kind: "symlink", target: "../../etc" }),
  "with an absolute link": () => withFile({ path: "link", kind: "symlink", target: "/etc" }),
  "with a link in the archive": () => withRaw(rawEntry("2", "files/l", "/etc/passwd")),
  "with a hard link in the archive": () => withRaw(rawEntry("1", "files/l", "/etc/passwd")),
  "with a device in the archive": () => withRaw(rawEntry("3", "files/null")),
  "with a file and a directory in one place": () => withFile({ path: "a.txt/b", kind: "directory" }),
  "with a deletion above the directory": () => withFile({ path: "../../.npmrc", kind: "file", change: "deleted" }),
  "with a deletion by an absolute path": () => withFile({ path: "/etc/passwd", kind: "file", change: "deleted" }),
  "with a deletion in a repository": () => withFile({ path: ".git/config", kind: "file", change: "deleted" }),
  "with a deletion of the directory itself": () => withFile({ path: ".", kind: "directory", change: "deleted" }),
  "with an absurd mode": () => withFile({ path: "d", kind: "directory", mode: "99999" }),
  "with an absurd size": () => withFile({ path: "big", kind: "file", size: 2 ** 52, sha256: hash("") }),
  "with an absurd number of files": () =>
    packed(entries(manifest((one) => void Object.assign(one, { files: Array.from({ length: 100_001 }, () => ({})) })))),
  "whose manifest is nested without end": () => packed(entries(`${"[".repeat(2_000_000)}${"]".repeat(2_000_000)}`)),
  "whose manifest is huge": () => packed(entries(`{"a":"${" ".repeat(33 * 1024 ** 2)}"}`)),
  "whose manifest is not UTF-8": () => packed([["manifest.json", Buffer.from([0x7b, 0xff, 0x7d])]]),
  "whose conversation belongs to another": () =>
    packed(
      entries(manifest(({ conversation: [one] }) => void Object.assign(one ?? {}, { path: "../settings.json" }))).with(
        1,
        ["conversation/../settings.json", talk],
      ) as Entries,
    ),
  "whose session id is a path": () =>
    packed(entries(manifest((one) => void Object.assign(one, { session: { id: "../x" } })))),
};

describe("an imported session file", () => {
  it("that is hostile in no way is imported", async () => {
    expect((await importBytes(packed(entries()))).result.files?.manifest).toMatchObject([{ path: "a.txt" }]);
  });

  it.each(Object.entries(hostile))("%s is refused, and nothing is left of it", async (_, make) => {
    const before = readdirSync(root);
    const error = await importBytes(make()).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "invalid-options" });
    expect(existsSync(join(root, "in"))).toBe(false);
    const runs = join(root, "elsewhere", "runs");
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
    expect(readdirSync(root).filter((name) => name !== "elsewhere")).toEqual(before);
    expect(existsSync("/tmp/a.txt")).toBe(false);
  });

  it("does not unpack what is compressed a thousandfold", async () => {
    const zeros = gzipSync(Buffer.concat([tar(entries()).subarray(0, -1024), Buffer.alloc(64 * 1024 ** 2, 0)]), {
      level: 9,
    });
    expect(zeros.length).toBeLessThan(200_000);
    await expect(importBytes(zeros)).rejects.toMatchObject({ code: "invalid-options" });
  });
});
