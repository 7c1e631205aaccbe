import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxAbortedError, SandboxNotFoundError, SandboxUnavailableError } from "@glovebox/core/provider";
import { execa } from "execa";
import { safeLine } from "../print/safe-text.ts";
import type { Environment } from "../terminal.ts";
import type { Wrangler } from "./find-wrangler.ts";
import type { WorkerProject } from "./worker-project.ts";

export interface RunWranglerOptions {
  readonly wrangler: Wrangler;
  readonly project: WorkerProject;
  readonly args: readonly string[];
  readonly env: Environment;
  /** Given on standard input, and nowhere else. */
  readonly input?: string;
  /** Hears each line as wrangler prints it. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Codes of Cloudflare's API for a Worker that is not there. */
const noWorker = [10007, 10090];

/** What wrangler says for programs: one object for each thing that it did, told apart by `type`. */
export interface WranglerEntry {
  readonly type: string;
  readonly message?: string;
  readonly code?: number;
  readonly targets?: readonly string[];
}

export interface WranglerResult {
  readonly entries: readonly WranglerEntry[];
  /** What it printed as its result. */
  readonly stdout: string;
}

/** Runs wrangler once, to its end. Rejects with its own reason where it fails. */
export async function runWrangler(options: RunWranglerOptions): Promise<WranglerResult> {
  const { wrangler, project, args, onLine, signal, input } = options;
  const folder = await mkdtemp(join(tmpdir(), "glovebox-wrangler-"));
  const output = join(folder, "output.ndjson");
  try {
    const child = execa(process.execPath, [wrangler.file, ...args, "--config", project.configFile], {
      cwd: project.folder,
      env: { ...wranglerEnv(options.env), WRANGLER_OUTPUT_FILE_PATH: output },
      extendEnv: false,
      reject: false,
      all: true,
      input: input ?? "",
      ...(signal === undefined ? {} : { cancelSignal: signal, killSignal: "SIGTERM" as const }),
    });
    const said: string[] = [];
    for await (const line of child.iterable({ from: "all" })) {
      said.push(line);
      onLine(line);
    }
    const result = await child;
    if (signal?.aborted) throw new SandboxAbortedError(`Stopped: wrangler ${args[0]} did not get to its end`);
    const entries = await readEntries(output);
    if (!result.failed) return { entries, stdout: result.stdout };
    throw failure(args, entries, said);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The environment that wrangler gets: the person's own, without the keys that it has no use for. It asks nothing, and tells
 * its makers nothing.
 */
export function wranglerEnv(env: Environment): Record<string, string> {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(?:ANTHROPIC|CLAUDE|E2B|GLOVEBOX)_|^NODE_OPTIONS$/.test(entry[0]),
  );
  return { ...Object.fromEntries(own), CI: "1", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", FORCE_COLOR: "0" };
}

/** What a project's own build steps need not see where nothing of the account is asked for. */
export function withoutAccount(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:CLOUDFLARE|CF)_/.test(name)));
}

async function readEntries(path: string): Promise<readonly WranglerEntry[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    // wrangler ended before it had anything to say.
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as WranglerEntry]));
}

function failure(args: readonly string[], entries: readonly WranglerEntry[], said: readonly string[]): Error {
  const entry = entries.findLast(({ type }) => type === "command-failed");
  const told = said.filter((line) => /\bERROR\b/.test(line)).map((line) => line.replace(/^.*ERROR\]?\s*/, ""));
  const reason = entry?.message ?? told[0] ?? said.findLast((line) => line.trim() !== "") ?? "it did not say why";
  const message = `wrangler ${args[0]} failed: ${safeLine(reason, 600)}`;
  if (noWorker.some((code) => code === entry?.code)) return new SandboxNotFoundError(message);
  return new SandboxUnavailableError(message, { retryable: false, hint: "What it printed before stands above." });
}
