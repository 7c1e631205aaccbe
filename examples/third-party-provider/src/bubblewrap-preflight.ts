import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { platform } from "node:process";
import type { Diagnosis, Finding, PreflightOptions } from "@glovebox/core/provider";
import { SandboxError } from "@glovebox/core/provider";
import { execa } from "execa";
import { capabilities } from "./bubblewrap-capabilities.ts";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { runHelper } from "./bwrap/run-helper.ts";
import { seccompFilter } from "./bwrap/seccomp-filter.ts";
import { agentIds } from "./bwrap/user-map.ts";
import { checkSpec } from "./check-spec.ts";
import { throwIfAborted } from "./map-failure.ts";

/** The oldest that knows every argument that is given to it. */
const leastVersion = [0, 7] as const;
const gibibyte = 1024 ** 3;

/** `SandboxProvider.preflight`. */
export async function bubblewrapPreflight(
  settings: ResolvedSettings,
  { signal, spec }: PreflightOptions = {},
): Promise<Diagnosis> {
  throwIfAborted(signal, "looking at this host");
  if (spec !== undefined) checkSpec(spec);
  const findings: Finding[] = [];
  // Each needs the one before it.
  for (const look of [linux, program, system, users, attempt, rest]) {
    findings.push(...(await look(settings)));
    throwIfAborted(signal, "looking at this host");
    if (findings.some(({ status }) => status === "problem")) break;
  }
  return { ready: findings.every(({ status }) => status !== "problem"), findings, capabilities };
}

function linux(): readonly Finding[] {
  if (platform === "linux") return [];
  return [{ name: "system", status: "problem", message: `bubblewrap is Linux's, and this is ${platform}` }];
}

async function program({ bwrap }: ResolvedSettings): Promise<readonly Finding[]> {
  const needed = [
    [bwrap, bwrap === "bwrap" ? "apt-get install bubblewrap" : "The setting bwrap names it."],
    ["flock", "apt-get install util-linux"],
    ["prlimit", "apt-get install util-linux"],
    ...(userInfo().uid === 0 ? [] : [["newuidmap", "apt-get install uidmap"]]),
  ] as const;
  for (const [name, hint] of needed) {
    const { code } = await execa(name, ["--version"], { reject: false });
    if (code === "ENOENT") return [{ name: "programs", status: "problem", message: `${name} is not there`, hint }];
  }
  const { stdout } = await execa(bwrap, ["--version"], { reject: false });
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
  const isOld = major === leastVersion[0] && minor < leastVersion[1];
  const message = stdout.trim() || `${bwrap} does not say its version`;
  if (!isOld) return [{ name: "bubblewrap", status: "ok", message }];
  return [{ name: "bubblewrap", status: "problem", message, hint: `Version ${leastVersion.join(".")} or newer.` }];
}

function system({ rootfs }: ResolvedSettings): readonly Finding[] {
  if (existsSync(join(rootfs, "usr"))) return [];
  const hint = "The setting rootfs takes a folder that holds another system, as debootstrap makes it.";
  return [{ name: "system", status: "problem", message: `${rootfs} holds no system: it has no usr`, hint }];
}

function users(): readonly Finding[] {
  try {
    const { uid } = agentIds();
    return [{ name: "users", status: "ok", message: `the agent is user ${uid} of this host, who owns nothing` }];
  } catch (error) {
    return [problem("users", error)];
  }
}

/** What no file tells: whether this kernel lets this user make namespaces. */
async function attempt(settings: ResolvedSettings): Promise<readonly Finding[]> {
  try {
    mkdirSync(settings.stateDir, { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(join(settings.stateDir, ".preflight-"));
    try {
      await runHelper({ settings, folder, command: ["/bin/true"] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return [{ name: "namespaces", status: "ok", message: "a sandbox of namespaces starts" }];
  } catch (error) {
    const hint = SandboxError.isInstance(error)
      ? "Where a host keeps user namespaces from users: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
      : `Is ${settings.stateDir} a folder that this user may write?`;
    return [{ ...problem("namespaces", error), hint }];
  }
}

async function rest({ stateDir }: ResolvedSettings): Promise<readonly Finding[]> {
  const { code } = await execa("npm", ["--version"], { reject: false });
  const filtered = seccompFilter() !== undefined;
  const { bavail, bsize } = statfsSync(stateDir);
  const freeGiB = (bavail * bsize) / gibibyte;
  return [
    {
      name: "limits",
      status: "ok",
      message: "open files and /tmp are limited; memory, processes and processor time are not",
    },
    filtered
      ? { name: "seccomp", status: "ok", message: "system calls are filtered" }
      : { name: "seccomp", status: "notice", message: `system calls are not filtered on ${process.arch}` },
    {
      name: "disk",
      status: freeGiB < 1 ? "notice" : "ok",
      message: `${freeGiB.toFixed(1)} GiB free in ${stateDir}`,
    },
    ...(code === "ENOENT"
      ? [{ name: "npm", status: "notice", message: "npm is not there, and brings the harness" } as const]
      : []),
  ];
}

function problem(name: string, error: unknown): Finding {
  const hint = SandboxError.isInstance(error) ? error.hint : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { name, status: "problem", message, ...(hint === undefined ? {} : { hint }) };
}
