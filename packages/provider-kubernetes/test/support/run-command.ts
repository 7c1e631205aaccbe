import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a command of this machine and returns what it prints. Throws with what it says where it fails. */
export async function runCommand([file = "", ...args]: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { timeout: 240_000, maxBuffer: 16 * 1024 ** 2 });
  return stdout;
}
