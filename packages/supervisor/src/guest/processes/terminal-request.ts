import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SpawnRequest, TerminalRequest } from "../../protocol/messages.ts";
import type { GuestConfig } from "../guest-config.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import { asUser } from "./as-user.ts";

/** Where Debian, Fedora and their kin keep what is used here, whatever the sandbox's own PATH says. */
const systemDirectories = ["/usr/bin", "/bin"];

/**
 * The request that runs a program in a terminal: through util-linux's `script`, which opens one and copies both ways, since
 * Node cannot. Throws `process` for a program that is missing, as a start without a terminal does.
 */
export function terminalRequest(
  request: SpawnRequest,
  environment: Readonly<Record<string, string | undefined>>,
  config: GuestConfig,
): SpawnRequest {
  const { argv, terminal, cwd = config.workspaceDir } = request;
  const { PATH = "", SHELL = "/bin/sh", TERM = "xterm-256color" } = environment;
  if (terminal === undefined) return request;
  const script = systemProgram("script");
  checkProgram(argv[0], cwd, PATH, config);
  const env = { ...request.env, TERM, SHELL: "/bin/sh" };
  const command = terminalCommand(argv, terminal, SHELL);
  return { ...request, argv: [script, "-qefc", command, "/dev/null"], env };
}

/** What the shell of `script` runs. Its size is set before the program sees the terminal. */
function terminalCommand(argv: readonly string[], size: TerminalRequest, shell: string): string {
  // `script` wants a shell of its own in the variable; the program gets the sandbox's back.
  return `SHELL=${quoted(shell)}; ${sizeCommand(size).map(quoted).join(" ")}; exec ${argv.map(quoted).join(" ")}`;
}

/** Sets the size of a terminal: its own, or the one of a device. */
export function sizeCommand({ columns, rows }: TerminalRequest, device?: string): [string, ...string[]] {
  const size = ["rows", String(checked(rows)), "cols", String(checked(columns))];
  return [systemProgram("stty"), ...(device === undefined ? [] : ["-F", device]), ...size];
}

function checked(size: number): number {
  if (Number.isInteger(size) && size >= 1 && size <= 65535) return size;
  throw new SupervisorFailure("invalid-options", `A terminal cannot have ${size} rows or columns.`);
}

function systemProgram(name: string): string {
  const found = systemDirectories.map((directory) => join(directory, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new SupervisorFailure("capability-unsupported", `The image has no ${name}, which a terminal needs.`, {
    hint: "Add util-linux and coreutils to the image.",
  });
}

function checkProgram(program: string, cwd: string, path: string, config: GuestConfig): void {
  const directories = program.includes("/") ? [cwd] : path.split(":").map((directory) => resolve(cwd, directory));
  const isProgram = (file: string): boolean => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  };
  const found = asUser(config, () =>
    directories.some((directory) => {
      try {
        return isProgram(resolve(directory, program));
      } catch {
        // What the user may not even look at is not there for the user.
        return false;
      }
    }),
  );
  if (found) return;
  throw new SupervisorFailure("process", `The program ${program} cannot be started: it was not found.`);
}

function quoted(word: string): string {
  if (word.includes("\0")) throw new SupervisorFailure("invalid-options", "An argument holds a zero byte.");
  return `'${word.replaceAll("'", "'\\''")}'`;
}
