import type { Sandbox, SandboxProcess } from "@glovebox/core/provider";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { bytePrinter } from "./byte-printer.ts";
import { exitCodeOf } from "./exit-code-of.ts";

export interface ExecInsideOptions {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
}

/**
 * Runs a command in a sandbox with this process's input and output. Resolves to its exit code; that of a signal is 128 and
 * the signal's number. Ctrl-C interrupts the command, and a second time ends it with everything that it started.
 */
export async function execInside(sandbox: Sandbox, options: ExecInsideOptions): Promise<number> {
  const { argv, cwd, env, terminal } = options;
  const child = await sandbox.spawn(argv, { cwd, env, stdin: "open" });
  const end = (signal?: string) => void child.kill(signal).catch(() => {});
  using _ = listenForInterrupts({ first: () => end("SIGINT"), second: () => end() });
  void feed(child, terminal.stdin);
  const print = { stdout: bytePrinter(terminal.stdout), stderr: bytePrinter(terminal.stderr) };
  terminal.stdout.gone.addEventListener("abort", () => end(), { once: true });
  for await (const chunk of child.output) {
    if ("bytes" in chunk) await print[chunk.stream](chunk.bytes);
    else if ("gap" in chunk) terminal.stderr.line(`warning: ${chunk.gap} bytes of output were lost`);
  }
  terminal.stdin.destroy();
  return exitCodeOf(await child.exit);
}

/** The command may end without reading what it is given. */
async function feed(child: SandboxProcess, stdin: NodeJS.ReadStream): Promise<void> {
  try {
    for await (const piece of stdin) await child.write(piece as Buffer);
    await child.closeInput();
  } catch {
    // The output and the exit tell what became of it.
  }
}
