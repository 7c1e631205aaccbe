import { InvalidOptionsError, type Sandbox } from "@glovebox/core/provider";
import { hostAndPort } from "../../print/host-and-port.ts";
import type { Terminal } from "../../terminal.ts";
import { listeningPorts } from "../listening-ports.ts";
import { untilEnded } from "../until-ended.ts";
import type { PortMapping } from "./port-mapping.ts";
import { TcpForward } from "./tcp-forward.ts";

export interface ForwardPortsOptions {
  /** Default: every port that something listens on. */
  readonly mappings: readonly PortMapping[];
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Forwards ports of a sandbox to this machine until Ctrl-C or the sandbox's end, and prints their addresses. */
export async function forwardPorts(sandbox: Sandbox, options: ForwardPortsOptions): Promise<number> {
  const { json, terminal, signal } = options;
  const { stdout, stderr } = terminal;
  const mappings = options.mappings.length > 0 ? options.mappings : await everyPort(sandbox, signal);
  const forwards: TcpForward[] = [];
  try {
    for (const mapping of mappings) {
      const { inside } = mapping;
      const onRefused = () => stderr.line(`Nothing listens on port ${inside} of the sandbox yet.`);
      const endpoint = await sandbox.endpoint(inside, { signal });
      forwards.push(await TcpForward.listen(endpoint, { ...mapping, onRefused }));
    }
    for (const [index, { address }] of forwards.entries()) {
      if (json) stdout.json({ ...address, inside: mappings[index]?.inside });
      else stdout.line(hostAndPort(address));
    }
    const named = mappings.map(({ inside }) => inside).join(", ");
    stderr.line(`Forwarding port${mappings.length === 1 ? "" : "s"} ${named} of the sandbox. Ctrl-C ends it.`);
    if ((await untilEnded(sandbox, signal)) === "ended") stderr.line("The sandbox has ended.");
    return 0;
  } finally {
    for (const forward of forwards) await forward[Symbol.asyncDispose]();
  }
}

async function everyPort(sandbox: Sandbox, signal: AbortSignal): Promise<readonly PortMapping[]> {
  const ports = await listeningPorts(sandbox, signal);
  if (ports.length === 0) {
    throw new InvalidOptionsError("Nothing listens on a port of the sandbox", {
      hint: "Name the ports to wait for them, for example `glovebox port 1 5432`.",
    });
  }
  return ports.slice(0, maxPorts).map((inside) => ({ host: "127.0.0.1", port: 0, inside }));
}

/** What listens inside is the agent's to decide. */
const maxPorts = 20;
