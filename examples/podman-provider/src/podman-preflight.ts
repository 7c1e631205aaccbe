import { platform } from "node:process";
import type { CallOptions, Capabilities, Finding } from "@glovebox/core/provider";
import type { ProviderFindings } from "@glovebox/provider-kit";
import { z } from "zod";
import type { PodmanContainers } from "./podman-containers.ts";

/** The oldest that the provider is tested with. */
const leastVersion = 4;

const infoSchema = z.object({
  host: z.object({
    cgroupControllers: z.array(z.string()).nullish(),
    cgroupVersion: z.string(),
    ociRuntime: z.object({ name: z.string() }),
    security: z.object({ rootless: z.boolean(), seccompEnabled: z.boolean() }),
  }),
  version: z.object({ Version: z.string() }),
});

/** Looks at Podman and at what it can limit here. */
export async function podmanPreflight(
  containers: PodmanContainers,
  capabilities: Capabilities,
  call: CallOptions,
): Promise<ProviderFindings> {
  if (platform !== "linux")
    return { findings: [problem("system", `Podman runs on a machine of its own on ${platform}`)] };
  const { host, version } = infoSchema.parse(await containers.describe("info", call));
  const { rootless, seccompEnabled } = host.security;
  const has = (name: string) => (host.cgroupControllers ?? []).includes(name);
  const resources = { ...capabilities.resources, cpus: has("cpu"), memoryMiB: has("memory"), pids: has("pids") };
  const missing = Object.entries({ cpus: "cpu", memory: "memory", pids: "pids" }).filter(([, name]) => !has(name));
  const shown = `Podman ${version.Version} with ${host.ociRuntime.name}, ${rootless ? "rootless" : "as root"}`;
  const isOld = Number(version.Version.split(".")[0]) < leastVersion;
  const findings: readonly Finding[] = [
    isOld ? problem("podman", shown, `Version ${leastVersion} or newer is needed.`) : ok("podman", shown),
    seccompEnabled ? ok("seccomp", "system calls are filtered") : problem("seccomp", "system calls are not filtered"),
    missing.length === 0
      ? ok("limits", "memory, processes and processor time are limited")
      : {
          name: "limits",
          status: "notice",
          message: `cannot be limited here: ${missing.map(([name]) => name).join(", ")}`,
          hint: "Rootless limits need cgroup v2 with its controllers delegated to this user.",
        },
  ];
  return { findings, capabilities: { ...capabilities, resources } };
}

function ok(name: string, message: string): Finding {
  return { name, status: "ok", message };
}

function problem(name: string, message: string, hint?: string): Finding {
  return { name, status: "problem", message, ...(hint === undefined ? {} : { hint }) };
}
