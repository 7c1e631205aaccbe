import type { Duplex } from "node:stream";
import type { Sandbox, SandboxEndpoint } from "@glovebox/core/provider";
import { sandboxUser } from "@glovebox/core/provider";
import ssh2, { type Connection, type ServerChannel, type TcpipRequestInfo } from "ssh2";
import { joinStreams } from "../ports/join-streams.ts";
import { SshSession } from "./ssh-session.ts";

export interface ServeSshOptions {
  readonly sandbox: Sandbox;
  /** From one client, which has started this process. */
  readonly stream: Duplex;
  /** In OpenSSH's format. */
  readonly hostKey: string;
  readonly signal: AbortSignal;
}

/** The names by which a client asks for a port of the sandbox itself. */
const ownNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Serves SSH to the client at the other end of a stream until it leaves: commands, shells, files and connections to ports, all
 * in the sandbox. The stream belongs to who has started this process, so no one has to prove who it is. Nothing of this machine
 * is offered: no agent, no display, no listening on its ports.
 */
export async function serveSsh(options: ServeSshOptions): Promise<void> {
  const { stream, hostKey, signal } = options;
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: "glovebox" });
  const closed = new Promise<void>((resolve) => stream.once("close", resolve).once("end", resolve));
  server.on("connection", (client) => serveClient(client, options));
  const leave = () => void stream.destroy();
  signal.addEventListener("abort", leave, { once: true });
  try {
    server.injectSocket(stream as never);
    await closed;
  } finally {
    signal.removeEventListener("abort", leave);
    stream.destroy();
  }
}

function serveClient(client: Connection, { sandbox, stream }: ServeSshOptions): void {
  const ports = new Map<number, Promise<SandboxEndpoint>>();
  // A client that breaks the protocol, or leaves in the middle.
  client.on("error", () => stream.destroy());
  client.on("close", () => stream.destroy());
  client.on("authentication", (context) => {
    if (context.username === sandboxUser.name) context.accept();
    else context.reject();
  });
  client.on("ready", () => {
    client.on("session", (accept) => void new SshSession(accept(), sandbox));
    client.on("tcpip", (accept, reject, info) => void connectPort({ accept, reject, info, sandbox, ports }));
    client.on("request", (_accept, reject) => reject?.());
  });
}

async function connectPort(request: {
  readonly accept: () => ServerChannel;
  readonly reject: () => void;
  readonly info: TcpipRequestInfo;
  readonly sandbox: Sandbox;
  readonly ports: Map<number, Promise<SandboxEndpoint>>;
}): Promise<void> {
  const { accept, reject, info, sandbox, ports } = request;
  try {
    if (!ownNames.has(info.destIP)) return reject();
    const endpoint = ports.get(info.destPort) ?? sandbox.endpoint(info.destPort);
    ports.set(info.destPort, endpoint);
    const inside = await (await endpoint).connect();
    const channel = accept();
    channel.on("error", () => inside.destroy());
    joinStreams(channel, inside);
  } catch {
    // Nothing listens there, or the provider reaches no ports.
    ports.delete(info.destPort);
    reject();
  }
}
