import type { CommandContext } from "@glovebox/core/plugin";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { requireWorker } from "./deployed/worker-address.ts";
import { aboutWorker, listWorkerSandboxes, type WorkerSandbox } from "./deployed/worker-api.ts";

export interface StatusOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** `glovebox cloudflare status`. */
export async function printWorkerStatus(options: StatusOptions, context: CommandContext): Promise<number> {
  const { stdout } = context;
  const address = await requireWorker(options.url, context);
  const about = await aboutWorker(address);
  const sandboxes = await listWorkerSandboxes(address);
  if (options.json) {
    stdout.json({ url: address.url, ...about, sandboxes });
    return 0;
  }
  const { settings } = about;
  const running = sandboxes.filter(({ state }) => state !== "stopped").length;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Worker", address.url],
    ["Version", about.version],
    ["Images", about.images.join(", ") || "Cloudflare's own"],
    ["Containers", `${about.defaultInstanceType ?? "?"} by default; can be ${about.instanceTypes.join(", ")}`],
    ["At once", settings.maxSandboxes === undefined ? "the account's limit" : String(settings.maxSandboxes)],
    ["Longest lease", about.maxTtlMs === undefined ? undefined : formatDuration(about.maxTtlMs)],
    ["Kept", settings.retentionDays === undefined ? undefined : `${settings.retentionDays} days after they stopped`],
    ["Sandboxes", `${running} running, ${sandboxes.length - running} stopped`],
  ];
  for (const [name, value] of rows) if (value !== undefined) stdout.line(`${name.padEnd(14)} ${safeLine(value)}`);
  if (sandboxes.length > 0) {
    stdout.line();
    stdout.table(["SANDBOX", "STATE", "SIZE", "IMAGE", "LEASE ENDS", "RUN"], sandboxes.map(rowOf));
  }
  return 0;
}

function rowOf(sandbox: WorkerSandbox): string[] {
  const { id, state, instanceType = "", image = "", leaseEndsAt = "", labels } = sandbox;
  return [id, state, instanceType, image, leaseEndsAt, labels["glovebox.run"] ?? ""].map((text) => safeLine(text, 60));
}
