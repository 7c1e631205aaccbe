import { execFileSync } from "node:child_process";
import { supervisorPaths } from "../../supervisor-paths.ts";
import { networkInterfaces } from "../seal/network-interfaces.ts";

/** Takes every interface but loopback down. Throws when one stays up. */
export function sealNetwork(): void {
  let reason = "";
  for (const name of networkInterfaces()) {
    try {
      execFileSync(supervisorPaths.busybox, ["ip", "link", "set", "dev", name, "down"], { stdio: "pipe" });
    } catch (error) {
      reason = `: ${lastLine((error as { stderr?: Buffer }).stderr?.toString() || (error as Error).message)}`;
    }
  }
  const left = networkInterfaces();
  if (left.length > 0) throw new Error(`The network interface ${left.join(", ")} cannot be taken down${reason}`);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
