import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const home = "/usr/lib/postgresql";

/** A PostgreSQL server of its own, in a temporary directory, on a Unix socket. */
export class PostgresServer {
  readonly #directory: string;
  readonly #programs: string;
  readonly #identity: { readonly uid?: number; readonly gid?: number };
  #process: ChildProcess | undefined;

  private constructor(directory: string, programs: string, identity: { uid?: number; gid?: number }) {
    this.#directory = directory;
    this.#programs = programs;
    this.#identity = identity;
  }

  /** Starts the newest version that is installed. Root starts it as the user `postgres`: it refuses root. */
  static async start(): Promise<PostgresServer> {
    const [version] = (await readdir(home)).sort((a, b) => Number(b) - Number(a));
    const directory = await mkdtemp(join(tmpdir(), "glovebox-pg-"));
    const identity = process.getuid?.() === 0 ? await identityOf("postgres") : undefined;
    if (identity !== undefined) await chown(directory, identity.uid, identity.gid);
    const server = new PostgresServer(directory, join(home, version ?? "", "bin"), identity ?? {});
    await run(join(server.#programs, "initdb"), ["-D", server.#data, "-U", "postgres", "-A", "trust", "--no-sync"], {
      ...identity,
      cwd: directory,
    });
    await server.restart();
    return server;
  }

  get url(): string {
    return `postgresql://postgres@/postgres?host=${encodeURIComponent(this.#directory)}`;
  }

  get #data(): string {
    return join(this.#directory, "data");
  }

  /** Starts it; kills it first where it runs, as a crash would. */
  async restart(): Promise<void> {
    await this.kill();
    const settings = ["-k", this.#directory, "-h", "", "-c", "fsync=off"];
    const child = spawn(join(this.#programs, "postgres"), ["-D", this.#data, ...settings], {
      ...this.#identity,
      cwd: this.#directory,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error("PostgreSQL did not start")));
      createInterface(child.stderr).on("line", (line) => {
        if (line.includes("ready to accept connections")) resolve();
      });
    });
  }

  async kill(): Promise<void> {
    await this.#end("SIGQUIT");
  }

  /** Stops it and removes its files. */
  async stop(): Promise<void> {
    await this.#end("SIGINT");
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}

async function identityOf(user: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, user])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
