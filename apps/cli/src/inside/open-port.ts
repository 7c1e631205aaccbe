import { InvalidOptionsError, type Sandbox } from "@glovebox/core/provider";
import type { Terminal } from "../terminal.ts";
import { listeningPorts } from "./listening-ports.ts";
import { openBrowser } from "./open-browser.ts";
import { PortForward } from "./port-forward.ts";
import { untilEnded } from "./until-ended.ts";

export interface OpenPortOptions {
  /** Default: the one that something listens on. */
  readonly port: number | undefined;
  readonly browser: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Forwards a port of a sandbox to this machine until Ctrl-C or the sandbox's end, and prints its address. */
export async function openPort(sandbox: Sandbox, options: OpenPortOptions): Promise<number> {
  const { terminal, signal } = options;
  const port = options.port ?? (await onlyPort(sandbox, signal));
  await using forward = await PortForward.listen(await sandbox.endpoint(port, { signal }), port);
  terminal.stdout.line(forward.url);
  terminal.stderr.line(`Forwarding port ${port} of the sandbox. Ctrl-C ends it.`);
  if (options.browser && !(await openBrowser(forward.url))) {
    terminal.stderr.line("warning: No browser could be started. Open the address yourself.");
  }
  if ((await untilEnded(sandbox, signal)) === "ended") terminal.stderr.line("The sandbox has ended.");
  return 0;
}

async function onlyPort(sandbox: Sandbox, signal: AbortSignal): Promise<number> {
  const ports = await listeningPorts(sandbox, signal);
  const [port] = ports;
  if (port === undefined) {
    throw new InvalidOptionsError("Nothing listens on a port of the sandbox", {
      hint: "Name the port to wait for it, for example `glovebox open 1 3000`.",
    });
  }
  if (ports.length === 1) return port;
  throw new InvalidOptionsError(`Several ports of the sandbox are open: ${ports.slice(0, 20).join(", ")}`, {
    hint: `Name one, for example \`glovebox open 1 ${port}\`.`,
  });
}
