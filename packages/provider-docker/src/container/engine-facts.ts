import { SandboxUnavailableError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { z } from "zod";

const infoSchema = z.object({
  ServerVersion: z.string().optional(),
  OSType: z.string().optional(),
  OperatingSystem: z.string().optional(),
  DockerRootDir: z.string().optional(),
  NCPU: z.number().positive(),
  MemTotal: z.number().positive(),
  MemoryLimit: z.boolean().optional(),
  PidsLimit: z.boolean().optional(),
  CpuCfsQuota: z.boolean().optional(),
  Driver: z.string().optional(),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
});

const versionSchema = z.object({
  ApiVersion: z.string().optional(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

/** What an engine says about itself, as far as a sandbox depends on it. */
export interface EngineFacts {
  readonly version: string;
  /** Absent where the engine does not say it. */
  readonly apiVersion: string | undefined;
  readonly operatingSystem: string;
  /** `linux` or `windows`: the kind of containers it runs. */
  readonly containers: string;
  readonly dataRoot: string | undefined;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly limits: { readonly memory: boolean; readonly pids: boolean; readonly cpus: boolean };
  readonly storageDriver: string;
  /** Whether a container's disk space can be limited, as far as the engine's own report can tell. */
  readonly diskQuota: boolean;
  readonly seccomp: boolean;
  /** Whether a container's list of system calls can be given with the request: Podman takes a file of its host's instead. */
  readonly takesSeccompProfile: boolean;
  readonly rootless: boolean;
  readonly userNamespaces: boolean;
  readonly runtimes: readonly string[];
}

/** Asks the engine about itself: `GET /info` and `GET /version`, for each of which Docker 20.10 starts two programs. */
export async function readEngineFacts(engine: Docker): Promise<EngineFacts> {
  const [found, version] = await Promise.all([engine.info(), engine.version().catch(() => undefined)]);
  const parsed = infoSchema.safeParse(found);
  const { ApiVersion: apiVersion, Components } = versionSchema.safeParse(version).data ?? {};
  const components = Components ?? [];
  if (!parsed.success) {
    throw new SandboxUnavailableError("What answers at the Docker engine's address is not a Docker engine", {
      providerId: "docker",
      cause: parsed.error,
    });
  }
  const info = parsed.data;
  const security = (info.SecurityOptions ?? []).map((option) => option.split(",")[0]);
  return {
    version: info.ServerVersion ?? "unknown",
    apiVersion,
    operatingSystem: info.OperatingSystem ?? "unknown",
    containers: info.OSType ?? "linux",
    dataRoot: info.DockerRootDir,
    cpus: info.NCPU,
    memoryMiB: Math.floor(info.MemTotal / 1024 / 1024),
    limits: {
      memory: info.MemoryLimit === true,
      pids: info.PidsLimit === true,
      cpus: info.CpuCfsQuota === true,
    },
    storageDriver: info.Driver ?? "unknown",
    diskQuota: hasDiskQuota(info.Driver, info.DriverStatus ?? []),
    seccomp: security.includes("name=seccomp"),
    takesSeccompProfile: security.includes("name=seccomp") && !components.some(({ Name }) => /podman/i.test(Name)),
    rootless: security.includes("name=rootless"),
    userNamespaces: security.includes("name=userns"),
    runtimes: Object.keys(info.Runtimes ?? {}),
  };
}

/** Source: Docker's storage driver documentation; overlay2 needs xfs with pquota, which it does not report. */
function hasDiskQuota(driver: string | undefined, status: readonly (readonly string[])[]): boolean {
  if (driver === "btrfs" || driver === "zfs") return true;
  return driver === "overlay2" && status.some(([name, value]) => name === "Backing Filesystem" && value === "xfs");
}
