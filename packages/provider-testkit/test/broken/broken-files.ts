import type { SandboxFiles } from "@glovebox/core/provider";
import type { BrokenVariant } from "./broken-variant.ts";
import { changedFiles, changedSandbox } from "./changed.ts";

type Bytes = AsyncIterable<Uint8Array>;

async function* whatComes(body: Bytes): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {}
}

async function* asText(body: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of body) yield Buffer.from(Buffer.from(piece).toString("utf8"));
}

/** The first half of the pieces, and a clean end. */
async function* half(body: Bytes): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(Uint8Array.from(piece));
  const whole = Buffer.concat(pieces);
  yield whole.subarray(0, whole.length / 2);
}

/** Where a path leads when its last part is a link. */
async function target(files: SandboxFiles, path: string): Promise<string> {
  const found = await files.stat(path);
  if (found?.target === undefined) return path;
  return found.target.startsWith("/") ? found.target : `${path.slice(0, path.lastIndexOf("/"))}/${found.target}`;
}

export const brokenFiles: readonly BrokenVariant[] = [
  {
    name: "follows links out when it reads",
    caughtBy: "files/follows-no-link",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        readStream: async (path, options) => files.readStream(await target(files, path), options),
      })),
  },
  {
    name: "writes through links",
    caughtBy: "files/follows-no-link",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        writeStream: async (path, body, options) => files.writeStream(await target(files, path), body, options),
      })),
  },
  {
    name: "tells of links what they lead to",
    caughtBy: "files/keeps-links",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        stat: async (path, options) => files.stat(await target(files, path), options),
      })),
  },
  {
    name: "takes half an archive for one",
    caughtBy: "files/refuses-cut-archives",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        putArchive: (directory, tar, options) => files.putArchive(directory, tar, options).catch(() => {}),
      })),
  },
  {
    name: "gives half an archive and ends cleanly",
    caughtBy: "files/keeps-archives",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        getArchive: async (directory, options) => half(await files.getArchive(directory, options)),
      })),
  },
  {
    name: "ends a file cleanly where its connection breaks",
    caughtBy: "faults/lost-streams",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        readStream: async (path, options) => whatComes(await files.readStream(path, options)),
      })),
  },
  {
    name: "replaces a file by what came of a body that failed",
    caughtBy: "files/failing-body",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        writeStream: (path, body, options) => files.writeStream(path, whatComes(body), options),
      })),
  },
  {
    name: "writes files as text",
    caughtBy: "files/keeps-bytes",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        writeStream: (path, body, options) => files.writeStream(path, asText(body), options),
      })),
  },
  {
    name: "gives half of a file",
    caughtBy: "files/keeps-bytes",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        readStream: async (path, options) => half(await files.readStream(path, options)),
      })),
  },
  {
    name: "forgets modes",
    caughtBy: "files/keeps-modes",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({ writeStream: (path, body) => files.writeStream(path, body) })),
  },
  {
    name: "brings names into normal form",
    caughtBy: "files/keeps-names",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        writeStream: (path, body, options) => files.writeStream(path.normalize("NFC"), body, options),
      })),
  },
  {
    name: "removes by a shell",
    caughtBy: "files/keeps-names",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        files: new Proxy(sandbox.files, {
          get: (files, key) => {
            if (key !== "remove") return (Reflect.get(files, key) as CallableFunction).bind(files);
            return async (path: string) => void (await (await sandbox.spawn(["sh", "-c", `rm -rf ${path}`])).exit);
          },
        }),
      })),
  },
  {
    name: "takes a directory that it cannot enter for empty",
    caughtBy: "files/says-what-is-missing",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({ stat: (path, options) => files.stat(path, options).catch(() => null) })),
  },
  {
    name: "leaves out nothing",
    caughtBy: "files/leaves-out",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({ getArchive: (directory) => files.getArchive(directory) })),
  },
  {
    name: "throws what is no SandboxError",
    caughtBy: "errors/by-cause",
    breaks: (provider) =>
      changedFiles(provider, (files) => ({
        readStream: (path, options) =>
          files.readStream(path, options).catch((error) => Promise.reject(new Error(error.message))),
      })),
  },
];
