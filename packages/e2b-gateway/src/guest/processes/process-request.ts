import { ConnectFailure } from "../connect/connect-failure.ts";
import type { Message } from "../connect/message.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A program as a client asks for it. */
export interface ProcessRequest {
  readonly cmd: string;
  readonly args: readonly string[];
  readonly envs: Readonly<Record<string, string>>;
  /** As given: not yet resolved. */
  readonly cwd: string | undefined;
  readonly tag: string | undefined;
  /** With it the program gets a terminal. */
  readonly terminal: TerminalSize | undefined;
  readonly stdin: boolean;
}

export function readProcessRequest(message: Message): ProcessRequest {
  const config = message.message("process");
  const cmd = config?.text("cmd") ?? "";
  if (config === undefined || cmd === "") throw new ConnectFailure("invalid_argument", "the request names no command");
  const words = [cmd, ...config.texts("args"), ...Object.entries(config.textMap("envs")).flat()];
  if (words.some((word) => word.includes("\0")))
    throw new ConnectFailure("invalid_argument", "an argument holds a zero byte");
  return {
    cmd,
    args: config.texts("args"),
    envs: config.textMap("envs"),
    cwd: config.has("cwd") ? config.text("cwd") : undefined,
    tag: message.has("tag") ? message.text("tag") : undefined,
    terminal: message.has("pty") ? readTerminalSize(message.message("pty")) : undefined,
    // Clients from before the field expect an input.
    stdin: message.has("stdin") ? message.flag("stdin") : true,
  };
}

export function readTerminalSize(pty: Message | undefined): TerminalSize {
  const size = pty?.message("size");
  // The field is a short in the terminal itself.
  return { columns: (size?.number("cols") ?? 0) & 0xffff, rows: (size?.number("rows") ?? 0) & 0xffff };
}
