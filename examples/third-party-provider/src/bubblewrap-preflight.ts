import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { platform } from "node:process";
import { type Finding, SandboxError } from "@glovebox/core/provider";
import { agentIds, seccompFilter } from "@glovebox/provider-kit/local";
import { execa } from "execa";
import type { Bubblewrap } from "./bubblewrap-provider.ts";
import { runHelper } from "./run-helper.ts";

/** The oldest that knows every argument that is given to it. */
const leastVersion = [0, 7] as const;

/** Looks at this host; stops at the first problem, because each step needs the ones before it. */
export async function bubblewrapPreflight(bubblewrap: Bubblewrap): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const look of [linux, program, system, users, attempt, rest]) {
    findings.push(...(await look(bubblewrap)));
    if (findings.some(({ status }) => status === "problem")) break;
  }
  return findings;
}

function linux(): readonly Finding[] {
  return platform === "linux" ? [] : [problem("system", `bubblewrap needs Linux, and this is ${platform}`)];
}

async function program({ bwrap }: Bubblewrap): Promise<readonly Finding[]> {
  const needed = [
    [bwrap, bwrap === "bwrap" ? "apt-get install bubblewrap" : "The setting bwrap names it."],
    ["flock", "apt-get install util-linux"],
    ["prlimit", "apt-get install util-linux"],
    ...(userInfo().uid === 0 ? [] : [["newuidmap", "apt-get install uidmap"] as const]),
  ] as const;
  for (const [name, hint] of needed)
    if (!(await hasProgram(name))) return [problem("programs", `${name} is not installed`, hint)];
  const { stdout } = await execa(bwrap, ["--version"], { reject: false });
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
  const message = stdout.trim() || `${bwrap} does not print its version`;
  const isOld = major === leastVersion[0] && minor < leastVersion[1];
  const hint = `Version ${leastVersion.join(".")} or newer is needed.`;
  return [isOld ? problem("bubblewrap", message, hint) : ok("bubblewrap", message)];
}

function system({ rootfs }: Bubblewrap): readonly Finding[] {
  const hint = "The setting rootfs takes a directory that holds another system, as debootstrap makes it.";
  return existsSync(join(rootfs, "usr")) ? [] : [problem("system", `${rootfs} has no usr`, hint)];
}

function users(): readonly Finding[] {
  try {
    return [ok("users", `the agent is user ${agentIds().uid} of this host, who owns nothing`)];
  } catch (error) {
    return [failed("users", error)];
  }
}

/** Tests what no file says: whether this kernel lets this user make namespaces. */
async function attempt(bubblewrap: Bubblewrap): Promise<readonly Finding[]> {
  const { stateDir } = bubblewrap;
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    const directory = mkdtempSync(join(stateDir, ".preflight-"));
    await runHelper(bubblewrap, { directory, command: ["/bin/true"] }).finally(() =>
      rmSync(directory, { recursive: true }),
    );
    return [ok("namespaces", "a sandbox of namespaces starts")];
  } catch (error) {
    const hint = SandboxError.isInstance(error)
      ? "Where a host keeps user namespaces from users: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
      : `Can this user write ${stateDir}?`;
    return [{ ...failed("namespaces", error), hint }];
  }
}

async function rest({ stateDir }: Bubblewrap): Promise<readonly Finding[]> {
  const { bavail, bsize } = statfsSync(stateDir);
  const freeGiB = (bavail * bsize) / 1024 ** 3;
  const disk = ok("disk", `${freeGiB.toFixed(1)} GiB free in ${stateDir}`);
  const filter = seccompFilter() === undefined ? `not filtered on ${process.arch}` : "filtered";
  return [
    ok("limits", "open files and /tmp are limited; memory, processes and processor time are not"),
    { ...ok("seccomp", `system calls are ${filter}`), status: filter === "filtered" ? "ok" : "notice" },
    { ...disk, status: freeGiB < 1 ? "notice" : "ok" },
    ...((await hasProgram("npm"))
      ? []
      : [{ ...ok("npm", "npm, which installs the harness, is missing"), status: "notice" } as const]),
  ];
}

async function hasProgram(name: string): Promise<boolean> {
  return (await execa(name, ["--version"], { reject: false })).code !== "ENOENT";
}

function ok(name: string, message: string): Finding {
  return { name, status: "ok", message };
}

function problem(name: string, message: string, hint?: string): Finding {
  return { name, status: "problem", message, ...(hint === undefined ? {} : { hint }) };
}

function failed(name: string, error: unknown): Finding {
  const { message, hint } = error as { readonly message?: string; readonly hint?: string };
  return problem(name, message ?? String(error), hint);
}
