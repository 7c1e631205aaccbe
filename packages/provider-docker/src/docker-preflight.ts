import { statfs } from "node:fs/promises";
import { hostCertificates } from "@glovebox/core/host-certificates";
import {
  type CallOptions,
  type Capabilities,
  dropUndefined,
  type Finding,
  SandboxError,
} from "@glovebox/core/provider";
import type { ProviderFindings } from "@glovebox/provider-kit";
import type { EngineFacts } from "./container/engine-facts.ts";
import { dockerCapabilities } from "./docker-capabilities.ts";
import type { DockerHost } from "./docker-host.ts";
import type { DockerContext } from "./plan-sandbox.ts";

/** The engine's API since Docker 20.10, the oldest that the provider is tested with. */
const leastApiVersion = "1.41";
const gibibyte = 1024 ** 3;

/** Looks at the engine. */
export async function dockerPreflight(
  { host, runtime }: DockerContext,
  { signal }: CallOptions,
): Promise<ProviderFindings> {
  let facts: EngineFacts;
  try {
    facts = await host.facts({ signal, fresh: true });
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "aborted") throw error;
    return { findings: [await unreachable(host, error)] };
  }
  const findings = [
    await engineFinding(host, facts),
    apiFinding(facts.apiVersion),
    ...containerFindings(facts),
    limitsFinding(facts),
    seccompFinding(facts),
    runtimeFinding(facts, runtime),
    storageFinding(facts),
    await diskFinding(host, facts),
    mountsFinding(await host.isLocal()),
    await certificatesFinding(),
  ].filter((finding) => finding !== undefined);
  const capabilities = effectiveCapabilities(facts, await host.isLocal());
  return { findings, capabilities, ...dropUndefined({ isolation: runtime }) };
}

function effectiveCapabilities(facts: EngineFacts, isLocal: boolean): Capabilities {
  return {
    ...dockerCapabilities,
    resources: {
      ...dockerCapabilities.resources,
      cpus: facts.limits.cpus,
      memoryMiB: facts.limits.memory,
      pids: facts.limits.pids,
      diskMiB: facts.diskQuota,
    },
    mounts: isLocal,
  };
}

async function unreachable(host: DockerHost, error: unknown): Promise<Finding> {
  const known = SandboxError.isInstance(error) ? error : undefined;
  const address = await host.endpoint().then(
    ({ description, source }) => ` at ${description} (${source})`,
    () => "",
  );
  return {
    name: "engine",
    status: "problem",
    message: `no Docker engine answers${address}: ${error instanceof Error ? error.message : String(error)}`,
    hint: known?.hint ?? "Install and start Docker, or set DOCKER_HOST to where an engine is.",
  };
}

async function engineFinding(host: DockerHost, facts: EngineFacts): Promise<Finding> {
  const { description, source } = await host.endpoint();
  return ok("engine", `Docker ${facts.version} on ${facts.operatingSystem} at ${description} (${source})`);
}

function apiFinding(api: string | undefined): Finding {
  if (api !== undefined && compareVersions(api, leastApiVersion) >= 0) return ok("engine-api", `API ${api}`);
  return {
    name: "engine-api",
    status: "problem",
    message: api === undefined ? "the engine does not say its API" : `API ${api} is older than ${leastApiVersion}`,
    hint: "Update Docker to 20.10 or newer.",
  };
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  return (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0);
}

function containerFindings(facts: EngineFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (facts.containers !== "linux") {
    findings.push({
      name: "containers",
      status: "problem",
      message: `the engine runs ${facts.containers} containers`,
      hint: "Switch Docker Desktop to Linux containers.",
    });
  }
  if (facts.rootless) findings.push(ok("rootless", "the engine runs without root"));
  if (facts.userNamespaces) findings.push(ok("user-namespaces", "the engine maps its containers' users"));
  return findings;
}

function limitsFinding({ limits, cpus, memoryMiB }: EngineFacts): Finding {
  const missing = Object.entries(limits).flatMap(([name, enforced]) => (enforced ? [] : [name]));
  const size = `${cpus} processors and ${memoryMiB} MiB of memory`;
  if (missing.length === 0) return ok("limits", `memory, processes and processor time are limited; it has ${size}`);
  return {
    name: "limits",
    status: "notice",
    message: `cannot be limited here: ${missing.join(", ")}; the engine has ${size}`,
    hint: "Delegate the cgroup controllers to the engine; a run that asks for such a limit is refused.",
  };
}

function seccompFinding(facts: EngineFacts): Finding {
  if (facts.seccomp) {
    const whose = facts.takesSeccompProfile ? "Glovebox's own list" : "the engine's own list";
    return ok("seccomp", `system calls are filtered by ${whose}`);
  }
  return {
    name: "seccomp",
    status: "problem",
    message: "the engine does not filter system calls",
    hint: "Use an engine with seccomp: without it a sandbox reaches more of the kernel than it should.",
  };
}

function runtimeFinding(facts: EngineFacts, runtime: string | undefined): Finding | undefined {
  if (runtime === undefined) return undefined;
  if (facts.runtimes.includes(runtime)) return ok("runtime", runtime);
  return {
    name: "runtime",
    status: "problem",
    message: `the engine has no runtime called ${runtime}, only ${facts.runtimes.join(", ")}`,
    hint: `Install ${runtime} on the engine's host and add it to its daemon.json.`,
  };
}

function storageFinding(facts: EngineFacts): Finding {
  const quota = facts.diskQuota ? "may limit" : "cannot limit";
  return ok("storage", `${facts.storageDriver}, which ${quota} a sandbox's disk space`);
}

async function diskFinding(host: DockerHost, facts: EngineFacts): Promise<Finding | undefined> {
  if (facts.dataRoot === undefined || !(await host.isLocal())) return undefined;
  // The data root of an engine in a virtual machine is not on this host: then there is nothing to say.
  const space = await statfs(facts.dataRoot).catch(() => undefined);
  if (space === undefined) return undefined;
  const freeGiB = (space.bavail * space.bsize) / gibibyte;
  const message = `${freeGiB.toFixed(1)} GiB free in ${facts.dataRoot}`;
  if (freeGiB >= 5) return ok("disk", message);
  const hint = "Free some: `glovebox image rm`, `glovebox reap`, `docker system df`.";
  return { name: "disk", status: freeGiB < 1 ? "problem" : "notice", message, hint };
}

function mountsFinding(isLocal: boolean): Finding | undefined {
  if (isLocal) return undefined;
  return {
    name: "mounts",
    status: "notice",
    message: "the engine is on another host: directories of this one cannot be mounted",
    hint: "Copy files in as a workspace instead.",
    remedy: { set: "workspace" },
  };
}

async function certificatesFinding(): Promise<Finding | undefined> {
  const extra = hostCertificates();
  if (extra === undefined) return undefined;
  return ok("certificates", `${extra.count} beyond the public ones are taken along, from ${extra.sources.join(", ")}`);
}

function ok(name: string, message: string): Finding {
  return { name, status: "ok", message };
}
