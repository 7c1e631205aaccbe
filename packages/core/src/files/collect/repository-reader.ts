import { within } from "../../bounds/within.ts";
import { exec } from "../../exec/exec.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { RepositoryInside } from "./gather-refs.ts";

const timeoutMs = 60_000;
const lookTimeoutMs = 20_000;

/** Prints what in the repository is not the user's own; what the user may not look into is an error. */
const script = 'test -d "$1" && find "$1" ! -user "$(id -u)" | head -n 1';

/**
 * The repository with whom it is read as: root, where the sandbox has a root of its own and it is not the user's alone.
 * Otherwise the user, to whom git's own files in it then belong as well.
 */
export async function chooseRepositoryReader(
  sandbox: Sandbox,
  repository: RepositoryInside,
  signal: AbortSignal | undefined,
): Promise<RepositoryInside> {
  if (!(await hasRoot(sandbox, signal))) return repository;
  const argv = ["sh", "-c", script, "sh", repository.gitDir] as const;
  const { exitCode, stdout, stderr } = await exec(sandbox, argv, { timeoutMs, cwd: "/", signal });
  const isUsers = exitCode === 0 && stdout === "" && stderr === "";
  return isUsers ? repository : { ...repository, asRoot: true };
}

async function hasRoot(sandbox: Sandbox, signal: AbortSignal | undefined): Promise<boolean> {
  const looking = { operation: "looking at the sandbox", timeoutMs: lookTimeoutMs, signal };
  try {
    return (await within(looking, (wait) => sandbox.info({ signal: wait.signal }))).rootInside;
  } catch {
    // What the user may read is better than nothing.
    return false;
  }
}
