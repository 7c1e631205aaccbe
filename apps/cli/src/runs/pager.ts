import { spawn } from "node:child_process";
import { once } from "node:events";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { isInstalled } from "../is-installed.ts";
import type { Environment, Terminal } from "../terminal.ts";

const notFound = 127;

/**
 * The pager's command line: the user's own, from the environment, or `less` where it is installed. `undefined` for none, as
 * where the output is not a terminal.
 */
export function pagerFor({ stdout, env }: Terminal): string | undefined {
  if (!stdout.isTTY || env.TERM === "dumb") return undefined;
  const chosen = env.GLOVEBOX_PAGER ?? env.PAGER;
  if (chosen === undefined) return isInstalled("less", env) ? "less" : undefined;
  return ["", "cat"].includes(chosen.trim()) ? undefined : chosen;
}

/** Shows text in a pager until the user leaves it. What is not read by then is not made. */
export async function showInPager(command: string, text: AsyncIterable<string>, env: Environment): Promise<void> {
  // As git has it: short text is just printed, colours pass, and the screen stays.
  const options = { LESS: env.LESS ?? "FRX", LV: env.LV ?? "-c" };
  const pager = spawn("sh", ["-c", command], { env: { ...env, ...options }, stdio: ["pipe", "inherit", "inherit"] });
  const left = new AbortController();
  const exited = new Promise<number | null>((resolve, reject) => {
    pager.once("error", reject);
    pager.once("close", resolve);
  }).finally(() => left.abort());
  exited.catch(() => {});
  pager.stdin.on("error", () => left.abort());
  // Ctrl-C is the pager's while it runs: less stops a search with it.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    for await (const piece of text) {
      if (left.signal.aborted) break;
      if (!pager.stdin.write(piece)) await once(pager.stdin, "drain", { signal: left.signal }).catch(() => {});
    }
    pager.stdin.end();
    if ((await exited) === notFound) {
      throw new InvalidOptionsError(`The pager could not be started: ${command}`, {
        hint: "Set GLOVEBOX_PAGER to another one, or use --no-pager.",
      });
    }
  } finally {
    process.off("SIGINT", ignore);
  }
}
