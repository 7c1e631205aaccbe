import type { Sandbox, SandboxProcess, SpawnOptions } from "@glovebox/core/provider";
import { Heartbeat, heartbeatScript } from "./heartbeat.ts";
import { nodeScript } from "./node-script.ts";

/**
 * Starts hearts that beat in different hiding places: a child, one with a session of its own, one whose parents are
 * gone, and, when asked for, one of those without an environment; then stays. Its own child, with "orphan", starts one
 * and leaves.
 */
const script = `
const { spawn } = require("node:child_process");
const [directory, beat, bare, role] = process.argv.slice(1);
const start = (name, options) =>
  spawn(process.execPath, ["-e", beat, "--", directory + "/" + name], { stdio: "ignore", ...options });
if (role === "orphan") {
  start("orphan", { detached: true }).unref();
  if (bare) start("bare", { detached: true, env: {} }).unref();
  process.exit(0);
}
start("child", {});
start("session", { detached: true });
const source = process.execArgv[1];
spawn(process.execPath, ["-e", source, "--", directory, beat, bare, "orphan"], { detached: true, stdio: "ignore" });
setInterval(() => {}, 1000);
`;

export interface KillAttempt {
  /** Also one that nothing but its user ties to the process. Only in a sandbox in which nothing else runs. */
  readonly bare?: boolean;
  readonly options?: SpawnOptions;
  /** Ends the process and resolves when it says that it is over. */
  end(process: SandboxProcess): Promise<void>;
}

/** Fails unless everything that a process started was seen alive and is gone when the process is ended. */
export async function assertKills(
  sandbox: Sandbox,
  makeDirectory: (sandbox: Sandbox) => Promise<string>,
  { options, bare = false, end }: KillAttempt,
): Promise<void> {
  const directory = await makeDirectory(sandbox);
  const names = ["child", "session", "orphan", ...(bare ? ["bare"] : [])];
  const hearts = names.map((name) => new Heartbeat(sandbox, `${directory}/${name}`));
  const process = await sandbox.spawn(nodeScript(script, directory, heartbeatScript, bare ? "bare" : ""), options);
  await Promise.all(hearts.map((heart) => heart.assertBeats()));
  await end(process);
  await Promise.all(hearts.map((heart) => heart.assertStopped()));
}
