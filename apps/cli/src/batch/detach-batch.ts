import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BatchRecord, createBatchStore } from "@glovebox/batch";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { asTyped } from "../print/command-name.ts";
import type { Terminal } from "../terminal.ts";

const pollMs = 50;

/** Lets a process of its own run a batch that was created, and prints the batch's id once it runs. */
export async function detachBatch(
  { id, rows }: BatchRecord,
  { home, hasValues, json }: { readonly home: string; readonly hasValues: boolean; readonly json: boolean },
  { stdout, stderr, env }: Terminal,
): Promise<number> {
  const store = createBatchStore(home);
  if (hasValues) {
    store.remove(id);
    throw new InvalidOptionsError("A batch that is detached keeps no values that you type", {
      hint: "Set the variables in your environment instead.",
    });
  }
  const { directory } = store.get(id);
  const log = openSync(join(directory, "batch.log"), "a", 0o600);
  const [, program = ""] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, "--", program, "batch", "resume", id], {
    detached: true,
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  child.once("exit", (code, signal) => {
    ended = `it ended with ${signal ?? `exit code ${code}`}`;
  });
  child.once("error", (error) => {
    ended = error.message;
  });
  while (ended === undefined && !store.get(id).isAlive && store.events(id).length === 0) await sleep(pollMs);
  if (ended !== undefined && store.events(id).length === 0) {
    throw new SandboxError("internal", `The process that would run the batch did not start it: ${ended}`, {
      hint: `Look into ${join(directory, "batch.log")}, or run it here: glovebox batch resume ${id}`,
    });
  }
  child.unref();
  if (json) stdout.json({ type: "batch.started", time: new Date().toISOString(), id, rows: rows.length });
  else {
    stdout.line(id);
    for (const [label, command] of [
      ["watch:", "show"],
      ["stop:", "stop"],
    ] as const)
      stderr.line(`${stderr.colors.cyan(label.padEnd(7))} ${asTyped(`glovebox batch ${command} ${id}`, env)}`);
  }
  return 0;
}
