import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { HttpFailure } from "../http-failure.ts";
import { attributePrefix, type Metadata } from "./metadata-headers.ts";

/** More do not always fit into one command line. */
const maxPaths = 200;
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * What uploads say about their files, in the files' extended attributes as E2B keeps it: programs inside see it and may set
 * it, and it moves with a file. Node cannot reach them; the tools of the package `attr` can.
 */
export class FileMetadata {
  readonly #waiting = new Map<string, ((found: Metadata | undefined) => void)[]>();
  #isReading = false;

  /** Resolves to undefined for a path that has none or is not there. What is asked for meanwhile is read together. */
  read(path: string): Promise<Metadata | undefined> {
    return new Promise((resolve) => {
      this.#waiting.set(path, [...(this.#waiting.get(path) ?? []), resolve]);
      if (this.#isReading) return;
      this.#isReading = true;
      setImmediate(() => void this.#readWaiting());
    });
  }

  /** Sets it in place of what is there. Throws 500 where it cannot be kept. */
  async write(path: string, metadata: Metadata, isNew: boolean): Promise<void> {
    const before = isNew ? {} : ((await this.read(path)) ?? {});
    for (const key of Object.keys(before)) {
      if (!Object.hasOwn(metadata, key)) await setAttributes(["--remove", attributePrefix + key, "--", path], "");
    }
    const lines = Object.entries(metadata).map(([key, value]) => `${attributePrefix}${key}=0s${toBase64(value)}\n`);
    if (lines.length > 0) await setAttributes(["--restore=-"], `# file: ${quoted(path)}\n${lines.join("")}\n`);
  }

  async #readWaiting(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, maxPaths);
      for (const [path] of batch) this.#waiting.delete(path);
      const found = parseDump(await dump(batch.map(([path]) => path)));
      for (const [path, resolvers] of batch) for (const resolve of resolvers) resolve(found.get(path));
    }
    this.#isReading = false;
  }
}

/** The attributes of files in the form of `getfattr`; empty where the template does not have it. */
function dump(paths: readonly string[]): Promise<string> {
  const options = ["--dump", "--encoding=base64", "--absolute-names", "--match=^user\\.e2b\\."];
  return new Promise((resolve) => {
    // It reports a path that is gone, and continues.
    execFile("getfattr", [...options, "--", ...paths], { maxBuffer: maxOutputBytes }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

function parseDump(output: string): Map<string, Metadata> {
  const found = new Map<string, Metadata>();
  for (const block of output.split("\n\n")) {
    const [head = "", ...lines] = block.split("\n");
    if (!head.startsWith("# file: ")) continue;
    const entries = lines.map((line) => {
      const at = line.indexOf("=0s");
      return [
        line.slice(attributePrefix.length, at),
        Buffer.from(line.slice(at + 3), "base64").toString("utf8"),
      ] as const;
    });
    found.set(unquoted(head.slice("# file: ".length)), Object.fromEntries(entries));
  }
  return found;
}

async function setAttributes(args: readonly string[], input: string): Promise<void> {
  const refuse = (reason: string): HttpFailure => new HttpFailure(500, `error setting file metadata: ${reason}`);
  const child = spawn("setfattr", [...args], { stdio: ["pipe", "ignore", "pipe"] });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    if (code !== 0) throw refuse(complaint.trim());
  } catch (error) {
    throw error instanceof HttpFailure ? error : refuse("the template has no setfattr");
  }
}

function toBase64(value: string): string {
  return Buffer.from(value).toString("base64");
}

/** What would end a line, and the backslash itself, as three octal digits. */
function quoted(path: string): string {
  return path.replaceAll(/[\\\n\r]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

function unquoted(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
