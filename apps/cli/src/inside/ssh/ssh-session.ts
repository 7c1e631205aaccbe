import {
  type OutputChunk,
  type ProcessExit,
  type Sandbox,
  SandboxError,
  type SandboxProcess,
  type SandboxTerminal,
  type TerminalSize,
  workspaceDir,
} from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { ServerChannel, Session } from "ssh2";
import { serveSftp } from "./sftp/serve-sftp.ts";

/** Where a shell is not to be found, as a shell reports it. */
const notFoundCode = 127;
const lostCode = 255;
const loginShell = ["sh", "-c", "command -v bash >/dev/null && exec bash -l; exec sh -l"] as const;
const maxColumns = 10_000;

/** One session of an SSH connection: a command, a shell, or files, in the sandbox. */
export class SshSession {
  readonly #sandbox: Sandbox;
  readonly #env: Record<string, string> = {};
  #terminal: TerminalSize | undefined;
  #process: SandboxProcess | undefined;

  constructor(session: Session, sandbox: Sandbox) {
    this.#sandbox = sandbox;
    session.on("env", (accept, _reject, { key, val }) => {
      this.#setVariable(key, val);
      accept?.();
    });
    session.on("pty", (accept, _reject, { cols, rows, term }) => {
      this.#terminal = sizeOf({ cols, rows });
      this.#setVariable("TERM", term ?? "");
      accept?.();
    });
    session.on("window-change", (accept, _reject, info) => {
      this.#terminal = sizeOf(info);
      const { process } = this;
      if (isTerminal(process)) void process.resize(this.#terminal).catch(ignore);
      accept?.();
    });
    session.on("signal", (accept, _reject, { name }) => {
      if (/^[A-Z\d]{1,10}$/.test(name)) void this.#process?.kill(`SIG${name}`).catch(ignore);
      accept?.();
    });
    session.on("exec", (accept, _reject, { command }) => {
      void this.#run(accept(), ["sh", "-c", 'exec "$SHELL" -c "$1"', "sh", command]);
    });
    session.on("shell", (accept) => void this.#run(accept(), loginShell));
    session.on("sftp", (accept) => serveSftp(accept(), sandbox));
    for (const refused of ["x11", "auth-agent", "subsystem"] as const) {
      (session as NodeJS.EventEmitter).on(refused, (_accept: unknown, reject?: () => void) => reject?.());
    }
  }

  get process(): SandboxProcess | undefined {
    return this.#process;
  }

  /** The image has no locale but its own: with the user's, programs would warn of one that is missing. */
  #setVariable(name: string, value: string): void {
    if (!/^[A-Za-z_]\w{0,127}$/.test(name) || /^(?:LANG|LC_\w*)$/.test(name) || value.includes("\0")) return;
    this.#env[name] = value;
  }

  async #run(channel: ServerChannel, argv: readonly [string, ...string[]]): Promise<void> {
    channel.on("error", ignore);
    try {
      const child = await this.#start(argv);
      this.#process = child;
      // As a server does when its client leaves. What has made itself independent runs on.
      channel.once("close", () => void child.kill("SIGHUP").catch(ignore));
      void feed(child, channel).catch(ignore);
      for await (const chunk of child.output) await write(channel, chunk);
      report(channel, await child.exit);
    } catch (error) {
      const message = SandboxError.isInstance(error) ? error.message : "The command could not be started";
      channel.stderr.write(`glovebox: ${safeLine(message)}\r\n`);
      channel.exit(SandboxError.isInstance(error) && error.code === "process" ? notFoundCode : lostCode);
    }
    channel.end();
  }

  async #start(argv: readonly [string, ...string[]]): Promise<SandboxProcess> {
    const options = { cwd: workspaceDir, env: this.#env };
    if (this.#terminal !== undefined) return await this.#sandbox.pty(argv, { ...options, ...this.#terminal });
    return await this.#sandbox.spawn(argv, { ...options, stdin: "open" });
  }
}

function ignore(): void {
  // The output and the exit tell what became of it.
}

function isTerminal(process: SandboxProcess | undefined): process is SandboxTerminal {
  return process !== undefined && "resize" in process;
}

function sizeOf({ cols, rows }: { readonly cols: number; readonly rows: number }): TerminalSize {
  const within = (size: number, usual: number) => (size >= 1 && size <= maxColumns ? size : usual);
  return { columns: within(cols, 80), rows: within(rows, 24) };
}

async function feed(child: SandboxProcess, channel: ServerChannel): Promise<void> {
  // The end of the input must not end what is still to be written.
  for await (const piece of channel.iterator({ destroyOnReturn: false })) await child.write(piece as Buffer);
  await child.closeInput();
}

async function write(channel: ServerChannel, chunk: OutputChunk): Promise<void> {
  if (!("bytes" in chunk) || channel.destroyed) return;
  const stream = chunk.stream === "stdout" ? channel : channel.stderr;
  // The bytes' memory may be used again, and the client may be slow or gone.
  if (stream.write(Buffer.from(chunk.bytes))) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      stream.off("drain", go);
      channel.off("close", go);
      resolve();
    };
    stream.once("drain", go);
    channel.once("close", go);
  });
}

function report(channel: ServerChannel, { exitCode, signal, reason }: ProcessExit): void {
  if (exitCode !== null) channel.exit(exitCode);
  else if (reason === "lost") {
    channel.stderr.write("glovebox: The connection to the sandbox broke\r\n");
    channel.exit(lostCode);
  } else channel.exit((signal ?? "SIGKILL").replace(/^SIG/, ""));
}
