import { join } from "node:path";
import { type Resources, sandboxUser, workspaceDir } from "@glovebox/core/provider";
import { type SupervisorConfig, supervisorConfigVariable, supervisorPaths } from "@glovebox/supervisor";
import type { SandboxFolder } from "../state/sandbox-folder.ts";
import { closeInheritedFile } from "../template/close-inherited.ts";
import { systemArguments } from "./system-arguments.ts";

/** Where a template lies in a sandbox. */
export const templateDir = "/opt/glovebox";

const mebibyte = 1024 * 1024;
const defaultTmpMiB = 1024;
const shmMiB = 64;
const templateMiB = 16;

/** What of a template a sandbox sees. */
const templateParts = ["bin", "harness", "supervisor.cjs", closeInheritedFile];

/** What the supervisor needs to start processes as the agent and to end them; none of it reaches them. */
const supervisorCapabilities = ["CAP_SETUID", "CAP_SETGID", "CAP_KILL"];

export interface SandboxArguments {
  readonly rootfs: string;
  readonly folder: SandboxFolder;
  /** The template's folder on the host. */
  readonly template: string;
  readonly resources: Resources;
  readonly ttlMs: number;
}

/** bwrap's arguments for a sandbox. No secret is among them, and a file carries them: the agent can read no command line. */
export function sandboxArguments({ rootfs, folder, template, resources, ttlMs }: SandboxArguments): string[] {
  const config: SupervisorConfig = { ttlMs };
  const home = sandboxUser.home;
  const path = [
    ...[`${home}/.npm-global/bin`, `${home}/.local/bin`, `${templateDir}/bin`],
    ...[`${templateDir}/harness/node_modules/.bin`, "/usr/local/bin", "/usr/bin", "/bin"],
  ];
  const variables = {
    PATH: path.join(":"),
    LANG: "C.UTF-8",
    [supervisorConfigVariable]: JSON.stringify(config),
  };
  return [
    ...systemArguments(rootfs),
    ...supervisorCapabilities.flatMap((capability) => ["--cap-add", capability]),
    ...memory("/tmp", resources.tmpMiB ?? defaultTmpMiB),
    ...memory("/dev/shm", shmMiB),
    ...["--symlink", "/tmp", "/var/tmp", "--symlink", "/run", "/var/run"],
    // Root's own to write in: the supervisor puts the certificates there that the sandbox trusts.
    ...["--perms", "0755", "--size", String(mebibyte * templateMiB), "--tmpfs", templateDir],
    ...templateParts.flatMap((part) => ["--ro-bind-try", join(template, part), join(templateDir, part)]),
    ...["passwd", "group", "hosts", "hostname", "nsswitch.conf", "resolv.conf"].flatMap((name) => [
      "--ro-bind",
      join(template, "etc", name),
      `/etc/${name}`,
    ]),
    ...["--bind", folder.run, supervisorPaths.socketDir],
    ...["--bind", folder.workspace, workspaceDir, "--bind", folder.home, home, "--symlink", workspaceDir, "/output"],
    ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--chdir", "/", "--remount-ro", "/"],
  ];
}

function memory(path: string, mebibytes: number): string[] {
  return ["--perms", "1777", "--size", String(mebibytes * mebibyte), "--tmpfs", path];
}
