import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "../print/safe-text.ts";
import type { Environment } from "../terminal.ts";
import type { Wrangler } from "./find-wrangler.ts";
import { withoutAccount, wranglerEnv } from "./run-wrangler.ts";
import type { WorkerProject } from "./worker-project.ts";

export interface DevServerOptions {
  readonly wrangler: Wrangler;
  readonly project: WorkerProject;
  readonly port: number;
  readonly env: Environment;
  /** For what lives as long as this: what the Worker stores. Removed at its end. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
  /** Ends it at once. */
  readonly kill: AbortSignal;
}

/** `wrangler dev`, running. Disposing of it ends it in good order: it removes its containers. */
export interface DevServer extends AsyncDisposable {
  readonly ended: Promise<void>;
  /** Fires when it has ended, or stays with an error that it printed: it may go on then, until a file is mended. */
  readonly failed: AbortSignal;
  /** Why it ended or failed, in its own words. */
  failure(): Error;
}

const patienceMs = 20_000;
const keptLines = 40;
/** How long an error may stand before it counts: an error has more than one line. */
const graceMs = 2000;

/** The local runtime leaves what stands beside a container for so long, also when that one is gone. An alarm comes more often. */
const inactivityMs = 60_000;

/**
 * Runs a program until its own end, or until the third descriptor is closed: by whoever started it, or by the system when
 * that was killed. So wrangler and its containers never outlive this process. It passes the signal on to what it started,
 * in the order in which that has to end, and is ended where it does not. Then it removes the folder, its first argument.
 */
const leash = `
folder=$1
shift
"$@" 3<&- &
child=$!
(read -r _ <&3; kill -TERM $child; sleep 30 3<&-; kill -KILL 0) > /dev/null 2>&1 &
watcher=$!
wait $child
kill $watcher
rm -rf -- "$folder"
`;

/** Starts `wrangler dev` in a process group of its own: a Ctrl-C in the terminal is this process's to pass on. */
export function startDevServer({ wrangler, project, ...options }: DevServerOptions): DevServer {
  const args = ["dev", "--config", project.configFile, "--ip", "127.0.0.1", "--port", String(options.port)];
  const words = [
    process.execPath,
    wrangler.file,
    ...args,
    "--inspector-port",
    "0",
    "--persist-to",
    join(options.folder, "state"),
    "--var",
    `GLOVEBOX_INACTIVITY_MS:${inactivityMs}`,
  ];
  const child = spawn("/bin/sh", ["-c", leash, "sh", options.folder, ...words], {
    cwd: project.folder,
    // Nothing of the account is needed, nor anything from Cloudflare's own network.
    env: { ...wranglerEnv(withoutAccount(options.env)), CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const [, out, err, line] = child.stdio;
  let hasEnded = false;
  let stuck: NodeJS.Timeout | undefined;
  const failed = new AbortController();
  const said: string[] = [];
  const merged = new PassThrough();
  out?.pipe(merged, { end: false });
  err?.pipe(merged, { end: false });
  createInterface({ input: merged }).on("line", (line) => {
    if (line.includes("[ERROR]")) stuck ??= setTimeout(() => failed.abort(), graceMs);
    said.push(line);
    if (said.length > keptLines) said.shift();
    options.onLine(line);
  });
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      clearTimeout(stuck);
      failed.abort();
      resolve();
    };
    child.once("error", end).once("close", end);
  });
  options.kill.addEventListener("abort", () => signalGroup(child, "SIGKILL"), { once: true });
  return {
    ended,
    failed: failed.signal,
    failure: () => failure(said),
    async [Symbol.asyncDispose]() {
      if (hasEnded) return;
      line?.destroy();
      const late = setTimeout(() => signalGroup(child, "SIGKILL"), patienceMs);
      await ended;
      clearTimeout(late);
    },
  };
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
