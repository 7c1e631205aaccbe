import type { Writable } from "node:stream";
import { SandboxError } from "@glovebox/core/provider";
import { CommanderError } from "commander";
import { aborted } from "./aborted.ts";
import { createLogger } from "./logger.ts";
import { serverCommand } from "./server-command.ts";
import { type GivenSettings, resolveSettings } from "./server-settings.ts";
import { type RunningServer, startServer } from "./start-server.ts";

export interface ServeInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What a person needs to use the server. */
  readonly stdout: Writable;
  /** The log, as lines of JSON, and errors. */
  readonly stderr: Writable;
  /** How the command is called, for its help: `glovebox-server` unless given. */
  readonly name?: string;
}

/** Runs the server by a command line until a signal ends it. Resolves to the exit code, and never rejects. */
export async function serve(argv: readonly string[], input: ServeInput): Promise<number> {
  const { stdout, stderr } = input;
  const command = serverCommand(input.name ?? "glovebox-server", (given) => untilSignal(given, input));
  command.configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => {}, outputError: () => {} });
  try {
    await command.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const message = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
    stderr.write(`error: ${message}\n`);
    if (SandboxError.isInstance(error) && error.hint !== undefined) stderr.write(`hint: ${error.hint}\n`);
    if (error instanceof CommanderError) return 2;
    return SandboxError.isInstance(error) && error.code === "invalid-options" ? 2 : 4;
  }
}

async function untilSignal(given: GivenSettings, input: ServeInput): Promise<void> {
  const settings = resolveSettings(given, input.env, input.cwd);
  const logger = createLogger(settings.logLevel, input.stderr);
  const ending = new AbortController();
  const atOnce = new AbortController();
  const hear = (): void => (ending.signal.aborted ? atOnce.abort() : ending.abort());
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, hear);
  try {
    const server = await startServer({ settings, env: input.env, logger, signal: ending.signal });
    logger.info({ url: server.url, provider: settings.provider, e2b: settings.e2b }, "The server answers");
    input.stdout.write(howToUse(server, settings.e2b));
    await aborted(ending.signal);
    logger.info("The server ends");
    await server.close(atOnce.signal);
    logger.info("The server has ended");
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, hear);
  }
}

/** Lines that a shell takes. A key is never among them: its file is. */
function howToUse({ url, domain, authorityFile, keys }: RunningServer, e2b: boolean): string {
  const lines = [`# Glovebox answers at ${url}`];
  if (e2b) {
    lines.push(`export E2B_API_KEY=${keys.file === undefined ? "…" : `"$(cat ${quote(keys.file)})"`}`);
    lines.push(`export E2B_API_URL=${url} E2B_SANDBOX_URL=${url}`);
    if (domain !== undefined) {
      const trust = authorityFile === undefined ? "" : ` NODE_EXTRA_CA_CERTS=${quote(authorityFile)}`;
      lines.push("# or, so that ports have names of their own:", `# export E2B_DOMAIN=${domain}${trust}`);
    }
  } else if (keys.file !== undefined) lines.push(`# The key is in ${keys.file}`);
  return `${lines.join("\n")}\n`;
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
