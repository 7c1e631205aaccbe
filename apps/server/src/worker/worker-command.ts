import { realpathSync } from "node:fs";
import type { Writable } from "node:stream";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { type Command, InvalidArgumentError } from "commander";
import { aborted } from "../aborted.ts";
import { createLogger } from "../logger.ts";
import { Plugins } from "../plugins.ts";
import { resolveSettings, type ServerOptions } from "../server-settings.ts";
import { startWorker } from "./start-worker.ts";
import { openServerStore } from "./store-settings.ts";

/** Where the worker's command runs. */
export interface WorkerCommandInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The log, as lines of JSON. */
  readonly stderr: Writable;
}

const defaultGraceSeconds = 600;

const afterHelp = `
The worker shares a PostgreSQL database with its servers: DATABASE_URL. It opens no port.
Its other options are the server's own: glovebox-server --state-dir DIR --max-runs N worker
SIGINT or SIGTERM: it takes no new runs, and ends when its runs have; a second one ends it at once.`;

/** Adds `worker`: a process that only carries runs. */
export function addWorkerCommand(parent: Command, input: WorkerCommandInput): void {
  parent
    .command("worker")
    .description("Carries runs of a server: takes them from its database, on any machine.")
    .option(
      "--grace <seconds>",
      `how long runs may continue after a signal before they are cancelled (default: ${defaultGraceSeconds})`,
      parseSeconds,
    )
    .addHelpText("after", afterHelp)
    .allowExcessArguments(false)
    .action(async ({ grace = defaultGraceSeconds }: { grace?: number }, self: Command) => {
      await untilSignal(self.parent?.opts<ServerOptions>() ?? {}, grace * 1000, input);
    });
}

function parseSeconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is a number of seconds.");
  return Number(text);
}

async function untilSignal(options: ServerOptions, graceMs: number, { env, cwd, stderr }: WorkerCommandInput) {
  const settings = resolveSettings(options, env, cwd);
  if (!env.DATABASE_URL) {
    throw new InvalidOptionsError("A worker needs the database of its servers: set DATABASE_URL", {
      hint: "A server without PostgreSQL carries its runs itself: see --max-runs.",
    });
  }
  const logger = createLogger(settings.logLevel, stderr);
  const ending = new AbortController();
  const atOnce = new AbortController();
  const onSignal = (): void => (ending.signal.aborted ? atOnce.abort() : ending.abort());
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  try {
    const plugins = await Plugins.load(settings);
    await makeHostDirectory(settings.stateDir, 0o700);
    const directory = realpathSync(settings.stateDir);
    const store = await openServerStore(directory, settings.store, env);
    try {
      const worker = await startWorker({ store, settings, env, plugins, directory, logger });
      logger.info({ workerId: worker.id, capacity: settings.maxRuns }, "Worker started");
      await aborted(ending.signal);
      logger.info({ runs: worker.runs.length }, "Shutting down");
      await worker.drain(atOnce.signal, graceMs);
      logger.info("Shut down");
    } finally {
      await store.close();
    }
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
}
