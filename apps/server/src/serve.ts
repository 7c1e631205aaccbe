import type { Writable } from "node:stream";
import { SandboxError } from "@glovebox/core/provider";
import { safeName, safeText } from "@glovebox/core/text";
import { CommanderError } from "commander";
import { aborted } from "./aborted.ts";
import { announceLogin } from "./access/announce-login.ts";
import { addOwnerCommands } from "./access/commands/owner-commands.ts";
import { createLogger } from "./logger.ts";
import { serverCommand } from "./server-command.ts";
import { resolveSettings, type ServerOptions } from "./server-settings.ts";
import { type RunningServer, startServer } from "./start-server.ts";
import { addWorkerCommand } from "./worker/worker-command.ts";

/** What the command of the server runs with: the environment, the directory and the streams. */
export interface ServeInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What a user needs to use the server. */
  readonly stdout: Writable;
  /** The log, as lines of JSON, and errors. */
  readonly stderr: Writable;
  /** The command's name in its help. Default: `glovebox-server`. */
  readonly name?: string;
}

/** Runs the server with a command line until a signal ends it. Resolves to the exit code, and never rejects. */
export async function serve(argv: readonly string[], input: ServeInput): Promise<number> {
  const { stdout, stderr } = input;
  const command = serverCommand(input.name ?? "glovebox-server", (options) => untilSignal(options, input));
  command.configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => {}, outputError: () => {} });
  addOwnerCommands(command, input);
  addWorkerCommand(command, input);
  try {
    await command.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const message = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
    stderr.write(`error: ${safeText(message)}\n`);
    if (SandboxError.isInstance(error) && error.hint !== undefined) stderr.write(`hint: ${safeText(error.hint)}\n`);
    if (error instanceof CommanderError) return 2;
    return SandboxError.isInstance(error) && error.code === "invalid-options" ? 2 : 4;
  }
}

async function untilSignal(options: ServerOptions, input: ServeInput): Promise<void> {
  const settings = resolveSettings(options, input.env, input.cwd);
  const logger = createLogger(settings.logLevel, input.stderr);
  const ending = new AbortController();
  const atOnce = new AbortController();
  const onSignal = (): void => (ending.signal.aborted ? atOnce.abort() : ending.abort());
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  const demo = settings.demo ? await startDemo(input.env) : undefined;
  try {
    const server = await startServer({ settings, env: demo?.env ?? input.env, logger, signal: ending.signal });
    logger.info({ url: server.url, provider: settings.provider, e2b: settings.e2b }, "Listening");
    input.stdout.write(howToUse(server, settings.e2b));
    if (server.firstLogin !== undefined) {
      const { stateDir, access } = settings;
      const url = access.publicUrl ?? server.url;
      await announceLogin({ text: server.firstLogin, url, stateDir, stdout: input.stdout });
    }
    await demo?.startRun(server);
    await aborted(ending.signal);
    logger.info("Shutting down");
    await server.close(atOnce.signal);
    logger.info("Shut down");
  } finally {
    await demo?.close();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
}

/** What only a demo needs is loaded for it. */
async function startDemo(env: ServeInput["env"]) {
  const [{ startDemoModel }, { startDemoRun }] = await Promise.all([
    import("./demo/demo-model.ts"),
    import("./demo/start-demo-run.ts"),
  ]);
  return { ...(await startDemoModel(env)), startRun: startDemoRun };
}

/** Lines that can be pasted into a shell. They name the key's file, never the key. */
function howToUse({ url, domain, authorityFile, keys }: RunningServer, e2b: boolean): string {
  const lines = [`# Glovebox listens at ${url}`];
  if (e2b) {
    lines.push(`export E2B_API_KEY=${keys.file === undefined ? "…" : `"$(cat ${quote(keys.file)})"`}`);
    lines.push(`export E2B_API_URL=${url} E2B_SANDBOX_URL=${url}`);
    if (domain !== undefined) {
      const trust = authorityFile === undefined ? "" : ` NODE_EXTRA_CA_CERTS=${quote(authorityFile)}`;
      lines.push("# or, so that ports have names of their own:", `# export E2B_DOMAIN=${domain}${trust}`);
    }
  } else if (keys.file !== undefined) lines.push(`# The key is in ${safeName(keys.file)}`);
  return `${lines.join("\n")}\n`;
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
