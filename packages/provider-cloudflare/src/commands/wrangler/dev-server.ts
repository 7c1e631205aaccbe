import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type { CommandContext } from "@glovebox/core/plugin";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { WorkerProject } from "../project/worker-project.ts";
import type { Wrangler } from "./find-wrangler.ts";
import { withoutAccount, wranglerEnv } from "./run-wrangler.ts";

export interface DevServerOptions {
  readonly wrangler: Wrangler;
  readonly project: WorkerProject;
  readonly port: number;
  readonly env: CommandContext["env"];
  /** A temporary directory for the Worker's storage. Removed at the end. */
  readonly directory: string;
  readonly onLine: (line: string) => void;
  /** Kills it immediately. */
  readonly kill: AbortSignal;
}

/** A running `wrangler dev`. Disposing of it stops it and removes its containers. */
export interface DevServer extends AsyncDisposable {
  readonly ended: Promise<void>;
  /** Aborted when it has ended or printed an error; it may continue until a file is fixed. */
  readonly failed: AbortSignal;
  /** Why it ended or failed, from its output. */
  failure(): Error;
}

const stopTimeoutMs = 20_000;
const keptLines = 40;
/** How long after an error the server counts as failed: an error has more than one line. */
const errorDelayMs = 2000;

/** The local runtime keeps a container's network proxy for this long after the container is gone. Alarms are more frequent. */
const inactivityMs = 60_000;

/**
 * Runs a program until it exits or the third descriptor is closed, by this process or by the system if this process is killed,
 * so that wrangler and its containers never outlive this process. Sends SIGTERM first, SIGKILL after 30 seconds. Finally it
 * removes the directory, its first argument.
 */
const leash = `
directory=$1
shift
"$@" 3<&- &
child=$!
(read -r _ <&3; kill -TERM $child; sleep 30 3<&-; kill -KILL 0) > /dev/null 2>&1 &
watcher=$!
wait $child
kill $watcher
rm -rf -- "$directory"
`;

/** Starts `wrangler dev` in its own process group, so that Ctrl-C reaches only this process. */
export function startDevServer(options: DevServerOptions): DevServer {
  return new WranglerProcess(spawnWrangler(options), options);
}

function spawnWrangler({ wrangler, project, port, directory, env }: DevServerOptions): ChildProcess {
  const argv = [
    ...[process.execPath, wrangler.file, "dev", "--config", project.configFile],
    ...["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
    ...["--persist-to", join(directory, "state"), "--var", `GLOVEBOX_INACTIVITY_MS:${inactivityMs}`],
  ];
  return spawn("/bin/sh", ["-c", leash, "sh", directory, ...argv], {
    cwd: project.directory,
    env: {
      // It needs neither the account nor Cloudflare's network.
      ...wranglerEnv(withoutAccount(env)),
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      // These would expose the Worker's storage without a key to every user and web page on this machine.
      X_LOCAL_EXPLORER: "false",
      X_LOCAL_OBSERVABILITY: "false",
    },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
}

class WranglerProcess implements DevServer {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #failed = new AbortController();
  readonly #lines: string[] = [];
  #hasEnded = false;
  #errorTimer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, { onLine, kill }: DevServerOptions) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      const onEnd = (): void => {
        this.#end();
        resolve();
      };
      child.once("error", onEnd).once("close", onEnd);
    });
    const output = new PassThrough();
    child.stdout?.pipe(output, { end: false });
    child.stderr?.pipe(output, { end: false });
    createInterface({ input: output }).on("line", (line) => {
      this.#add(line);
      onLine(line);
    });
    kill.addEventListener("abort", () => signalGroup(child, "SIGKILL"), { once: true });
  }

  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  failure(): Error {
    return failure(this.#lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.stdio[3]?.destroy();
    const timer = setTimeout(() => signalGroup(this.#child, "SIGKILL"), stopTimeoutMs);
    await this.ended;
    clearTimeout(timer);
  }

  #add(line: string): void {
    if (line.includes("[ERROR]")) this.#errorTimer ??= setTimeout(() => this.#failed.abort(), errorDelayMs);
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  #end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#errorTimer);
    this.#failed.abort();
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function failure(said: readonly string[]): Error {
  const at = said.findIndex((line) => line.includes("ERROR"));
  const lines = said.slice(Math.max(0, at)).map((line) => safeLine(line, 300));
  return new SandboxUnavailableError(`wrangler dev failed:\n${lines.filter((line) => line !== "").join("\n")}`, {
    retryable: false,
  });
}
