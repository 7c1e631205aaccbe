import { homeFolder } from "../config/home-folder.ts";
import { formatDuration } from "../print/quantities.ts";
import { safeLine } from "../print/safe-text.ts";
import { printTable } from "../print/table.ts";
import type { Terminal } from "../terminal.ts";
import { requireWorker } from "./worker-address.ts";
import { aboutWorker, listWorkerSandboxes, type WorkerSandbox } from "./worker-api.ts";

export interface StatusOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** `glovebox cloudflare status`. */
export async function printWorkerStatus(options: StatusOptions, { stdout, env }: Terminal): Promise<number> {
  const address = await requireWorker(options.url, homeFolder(env), env);
  const about = await aboutWorker(address);
  const sandboxes = await listWorkerSandboxes(address);
  if (options.json) {
    stdout.line(JSON.stringify({ url: address.url, ...about, sandboxes }));
    return 0;
  }
  const { settings } = about;
  const running = sandboxes.filter(({ state }) => state !== "stopped").length;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Worker", address.url],
    ["Version", about.version],
    ["Images", about.images.join(", ") || "Cloudflare's own"],
    ["Containers", `${about.defaultInstanceType ?? "?"} unless told; may be ${about.instanceTypes.join(", ")}`],
    ["At once", settings.maxSandboxes === undefined ? "the account's limit" : String(settings.maxSandboxes)],
    ["Longest lease", about.maxTtlMs === undefined ? undefined : formatDuration(about.maxTtlMs)],
    ["Kept", settings.retentionDays === undefined ? undefined : `${settings.retentionDays} days after they stopped`],
    ["Sandboxes", `${running} running, ${sandboxes.length - running} stopped`],
  ];
  for (const [name, value] of rows) if (value !== undefined) stdout.line(`${name.padEnd(14)} ${safeLine(value)}`);
  if (sandboxes.length > 0) {
    stdout.line();
    printTable(stdout, ["SANDBOX", "STATE", "SIZE", "IMAGE", "LEASE ENDS", "RUN"], sandboxes.map(rowOf));
  }
  return 0;
}

function rowOf(sandbox: WorkerSandbox): string[] {
  const { id, state, instanceType = "", image = "", leaseEndsAt = "", labels } = sandbox;
  return [id, state, instanceType, image, leaseEndsAt, labels["glovebox.run"] ?? ""].map((text) => safeLine(text, 60));
}
