import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SandboxLostError, SandboxProcessError } from "../src/errors/index.ts";
import type {
  GetArchiveOptions,
  OutputChunk,
  ProcessExit,
  Sandbox,
  SandboxFiles,
  SandboxInfo,
  SandboxProcess,
  SpawnOptions,
} from "../src/provider/index.ts";

/**
 * A directory on this machine in the place of a sandbox: no isolation at all, for tests of what core does with a sandbox's
 * files. Programs, tar and git really run; the paths of the sandbox are mapped into the directory.
 */
export class LocalDirectorySandbox {
  readonly root = mkdtempSync(join(tmpdir(), "glovebox-local-"));
  readonly workspace = join(this.root, "workspace");
  readonly home = join(this.root, "home");
  readonly id = "local";
  readonly providerId = "local-directory";
  /** What happened, in order. */
  readonly calls: string[] = [];
  /** Programs that are missing, for tests of what is done without them. */
  readonly missing = new Set<string>();
  /** After that many bytes an archive as it leaves breaks off. */
  archiveBreaksAfter = Number.POSITIVE_INFINITY;

  constructor() {
    mkdirSync(this.workspace);
    mkdirSync(this.home);
  }

  /** For the calls that take a sandbox: what core's file transfer uses is here, the rest is not. */
  asSandbox(): Sandbox {
    return this as unknown as Sandbox;
  }

  get files(): SandboxFiles {
    const own: Partial<SandboxFiles> = {
      putArchive: (directory, tar) => this.#putArchive(directory, tar),
      getArchive: async (directory, options) => this.#getArchive(directory, options),
      writeStream: async (path, body, options) => {
        const place = this.#map(path);
        mkdirSync(dirname(place), { recursive: true });
        rmSync(place, { force: true });
        await pipeline(Readable.from(body), createWriteStream(place, { mode: options?.mode ?? 0o644 }));
      },
      remove: async (path) => rmSync(this.#map(path), { recursive: true, force: true }),
    };
    return own as SandboxFiles;
  }

  async info(): Promise<Pick<SandboxInfo, "rootInside">> {
    return { rootInside: false };
  }

  async quiesce(): Promise<void> {
    this.calls.push("quiesce");
  }

  async spawn(argv: readonly [string, ...string[]], options: SpawnOptions = {}): Promise<SandboxProcess> {
    this.calls.push(argv.join(" "));
    if (this.missing.has(argv[0])) throw new SandboxProcessError(`${argv[0]} is not there`);
    const [program, ...args] = argv.map((argument) => this.#map(argument));
    const child = spawn(program ?? "", args, {
      cwd: options.cwd === undefined ? this.workspace : this.#map(options.cwd),
      env: { PATH: `${this.#stubs()}${process.env.PATH}`, HOME: this.home, GIT_CONFIG_NOSYSTEM: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs,
    });
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin instanceof Uint8Array ? options.stdin : "");
    const exit = new Promise<ProcessExit>((resolve) => {
      child.on("close", (exitCode) => resolve({ exitCode, reason: "exited" }));
    });
    return {
      id: String(child.pid),
      output: readOutput(child.stdout, child.stderr),
      exit,
      kill: async () => void child.kill("SIGKILL"),
      write: async () => {},
      closeInput: async () => {},
    };
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  async #putArchive(directory: string, tar: AsyncIterable<Uint8Array>): Promise<void> {
    const child = spawn("tar", ["-x", "-p", "-C", this.#map(directory)], { stdio: ["pipe", "ignore", "inherit"] });
    const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
    await pipeline(Readable.from(tar), child.stdin);
    if ((await exit) !== 0) throw new SandboxLostError("tar failed");
  }

  async *#getArchive(directory: string, options?: GetArchiveOptions): AsyncGenerator<Uint8Array> {
    const excludes = (options?.exclude ?? []).map((one) => (one.startsWith("./") ? one : `*/${one}`));
    this.calls.push(`getArchive ${options?.exclude?.join(" ") ?? ""}`);
    const patterns = excludes.map((one) => `--exclude=${one}`);
    const child = spawn("tar", ["-c", "--format=pax", "--anchored", ...patterns, "-C", this.#map(directory), "."]);
    const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
    let sent = 0;
    for await (const chunk of child.stdout) {
      const piece = (chunk as Buffer).subarray(0, this.archiveBreaksAfter - sent);
      yield piece;
      sent += piece.length;
      if (sent >= this.archiveBreaksAfter) throw new SandboxLostError("the archive broke off");
    }
    if ((await exit) !== 0) throw new SandboxLostError("tar failed");
  }

  /** For what a shell starts: programs in the place of the missing ones, which say that they are not there. */
  #stubs(): string {
    const missing = join(this.root, "missing");
    for (const name of this.missing) {
      mkdirSync(missing, { recursive: true });
      writeFileSync(join(missing, name), `#!/bin/sh\necho "${name}: not found" >&2\nexit 127\n`, { mode: 0o755 });
    }
    return this.missing.size === 0 ? "" : `${missing}:`;
  }

  #map(path: string): string {
    return path.replace(/^\/workspace(?=\/|$)/, this.workspace).replace(/^\/home\/agent(?=\/|$)/, this.home);
  }
}

async function* readOutput(stdout: Readable, stderr: Readable): AsyncGenerator<OutputChunk> {
  const errors: Buffer[] = [];
  stderr.on("data", (bytes: Buffer) => errors.push(bytes));
  const ended = new Promise<void>((resolve) => stderr.on("end", () => resolve()));
  let offset = 0;
  for await (const bytes of stdout) {
    yield { stream: "stdout", bytes: bytes as Buffer, offset };
    offset += (bytes as Buffer).length;
  }
  await ended;
  yield { stream: "stderr", bytes: Buffer.concat(errors), offset };
}
