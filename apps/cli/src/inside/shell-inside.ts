import { InvalidOptionsError, type Sandbox, type SandboxTerminal, workspaceDir } from "@glovebox/core/provider";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { exitCodeOf } from "./exit-code-of.ts";

const loginShell = ["sh", "-c", "command -v bash >/dev/null && exec bash -l; exec sh -l"] as const;

/** Throws where this process has no terminal to lend. */
export function requireTerminal({ stdin, stdout }: Terminal): void {
  if (stdin.isTTY && stdout.isTTY) return;
  throw new InvalidOptionsError("This command needs a terminal: standard input and output are not one", {
    hint: "Run a command without one: glovebox exec -- sh -c '…'",
  });
}

/**
 * Runs a program of a sandbox, by default a shell, in this process's terminal, until it ends. Resolves to its exit code. What
 * it writes controls the terminal.
 */
export async function shellInside(sandbox: Sandbox, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { stdin, stdout } = terminal;
  const [program, ...args] = argv;
  const child = await sandbox.pty(program === undefined ? loginShell : [program, ...args], {
    ...sizeOf(terminal),
    cwd: workspaceDir,
    env: environmentOf(terminal),
  });
  const ignore = () => {
    // The output and the exit tell what became of it.
  };
  const end = () => void child.kill().catch(ignore);
  using _interrupts = listenForInterrupts({ first: end, second: end });
  using _size = stdout.onResize(() => void child.resize(sizeOf(terminal)).catch(ignore));
  stdout.gone.addEventListener("abort", end, { once: true });
  stdin.setRawMode(true);
  try {
    void feed(child, stdin).catch(ignore);
    for await (const chunk of child.output) if ("bytes" in chunk) await stdout.bytes(chunk.bytes);
    return exitCodeOf(await child.exit);
  } finally {
    stdin.setRawMode(false);
    stdin.destroy();
  }
}

async function feed(child: SandboxTerminal, stdin: NodeJS.ReadStream): Promise<void> {
  for await (const piece of stdin) await child.write(piece as Buffer);
  await child.closeInput();
}

function sizeOf({ stdout }: Terminal) {
  return { columns: stdout.columns, rows: stdout.rows };
}

/** What programs need to know of the terminal. */
function environmentOf({ env }: Terminal): Record<string, string> {
  const known = Object.entries({ TERM: env.TERM, COLORTERM: env.COLORTERM });
  return Object.fromEntries(known.filter((one): one is [string, string] => /^[\w.+-]{1,64}$/.test(one[1] ?? "")));
}
