import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Failure, FileOperation, FileRecord, FileRequest } from "../../protocol/messages.ts";
import { readFileRecord } from "./file-record.ts";
import { HelperInput } from "./helper-input.ts";
import { isQuiet } from "./is-quiet.ts";
import { measureDirectory } from "./measure-directory.ts";
import { packArchive } from "./pack-archive.ts";
import { readFile } from "./read-file.ts";
import { unpackArchive } from "./unpack-archive.ts";
import { watchDirectory } from "./watch-directory.ts";
import { writeAll } from "./write-all.ts";
import { writeFile } from "./write-file.ts";

const operations: Record<FileOperation, (request: FileRequest, input: HelperInput) => void | Promise<void>> = {
  read: ({ path }) => readFile(path),
  write: ({ path, mode }, input) => writeFile(path, mode ?? 0o644, input),
  stat: ({ path }) => answer(readFileRecord(path) ?? null),
  list: ({ path }) => answer(list(path)),
  mkdir: ({ path }) => void mkdirSync(path, { recursive: true }),
  move: ({ path, to }) => move(path, to ?? ""),
  remove: ({ path }) => rmSync(path, { recursive: true, force: true }),
  watch: ({ path, exclude = [] }) => watchDirectory(path, exclude),
  put: ({ path }, input) => unpackArchive(path, input),
  get: ({ path, exclude = [], largeAboveBytes }) => {
    if (largeAboveBytes !== undefined) refuseLarge(path, exclude, largeAboveBytes);
    return packArchive(path, exclude);
  },
};

/** One file operation as the sandbox's user: the request and the body on standard input, the answer on standard output. */
export async function runFileOperation(operation: string): Promise<void> {
  const input = new HelperInput();
  // Whoever waits for what never comes leaves the process nothing to do: that must not look like success.
  process.exitCode = 1;
  try {
    const request = input.request<FileRequest>();
    if (!request.path.startsWith("/")) throw new Error(`${request.path} is not an absolute path`);
    await operations[operation as FileOperation](request, input);
    process.exitCode = 0;
  } catch (error) {
    writeAll(2, Buffer.from(JSON.stringify(failureOf(error as NodeJS.ErrnoException))));
    process.exit(1);
  }
}

function failureOf(error: NodeJS.ErrnoException): Failure {
  const { message } = error;
  if (error instanceof LargeDirectory) return { code: "large", message, entries: error.entries };
  return { code: error.code === "ENOENT" ? "not-found" : "file", message };
}

function refuseLarge(path: string, exclude: readonly string[], aboveBytes: number): void {
  const entries = measureDirectory(path, exclude, aboveBytes);
  if (entries !== undefined && isQuiet()) throw new LargeDirectory(path, entries);
}

/** There is a faster way than this helper's. */
class LargeDirectory extends Error {
  readonly entries: number;

  constructor(path: string, entries: number) {
    super(`${path} is large`);
    this.entries = entries;
  }
}

function answer(value: unknown): void {
  writeAll(1, Buffer.from(JSON.stringify(value)));
}

function list(path: string): FileRecord[] {
  if (readFileRecord(path)?.kind === "symlink") throw new Error(`${path} is a link and not a directory`);
  return readdirSync(path).flatMap((name) => readFileRecord(join(path, name)) ?? []);
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    // Between two mounts, such as /tmp and the workspace, there is no rename.
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    rmSync(from, { recursive: true, force: true });
  }
}
