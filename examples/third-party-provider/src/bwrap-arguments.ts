import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { type Resources, sandboxUser, workspaceDir } from "@glovebox/core/provider";
import type { LocalSandbox } from "@glovebox/provider-kit/local";
import { type SupervisorConfig, supervisorConfigVariable, supervisorPaths } from "@glovebox/supervisor";

/** The script that closes inherited descriptors, in a template. */
export const closeInheritedFile = "close-inherited.mjs";

/** Where a template lies in a sandbox. */
export const templateDir = "/opt/glovebox";

const mebibyte = 1024 * 1024;
const defaultTmpMiB = 1024;
const defaultShmMiB = 1024;
const templateMiB = 16;

/** What of a template a sandbox sees. */
const templateParts = ["bin", "harness", "supervisor.cjs", closeInheritedFile];

/** What the supervisor needs to start processes as the agent and to end them; none of it reaches them. */
const supervisorCapabilities = ["CAP_SETUID", "CAP_SETGID", "CAP_KILL"];

export interface SandboxArguments {
  readonly rootfs: string;
  readonly local: LocalSandbox;
  /** The template's directory on the host. */
  readonly template: string;
  readonly resources: Resources;
  readonly ttlMs: number;
}

/** bwrap's arguments for a sandbox. No secret is among them. */
export function sandboxArguments({ rootfs, local, template, resources, ttlMs }: SandboxArguments): string[] {
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
    ...memory("/dev/shm", resources.shmMiB ?? defaultShmMiB),
    ...["--symlink", "/tmp", "/var/tmp", "--symlink", "/run", "/var/run"],
    // Root's own to write in: the supervisor puts the certificates there that the sandbox trusts.
    ...["--perms", "0755", "--size", String(mebibyte * templateMiB), "--tmpfs", templateDir],
    ...templateParts.flatMap((part) => ["--ro-bind-try", join(template, part), join(templateDir, part)]),
    ...["passwd", "group", "hosts", "hostname", "nsswitch.conf", "resolv.conf"].flatMap((name) => [
      "--ro-bind",
      join(template, "etc", name),
      `/etc/${name}`,
    ]),
    ...["--bind", local.run, supervisorPaths.socketDir],
    ...["--bind", local.workspace, workspaceDir, "--bind", local.home, home, "--symlink", workspaceDir, "/output"],
    ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--chdir", "/", "--remount-ro", "/"],
  ];
}

function memory(path: string, mebibytes: number): string[] {
  return ["--perms", "1777", "--size", String(mebibytes * mebibyte), "--tmpfs", path];
}

/** Of /etc, what programs need and what tells nothing of the host. What is missing is left out. */
const etc = [
  ...["alternatives", "ca-certificates", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime"],
  ...["mime.types", "pki/tls/certs", "protocols", "services", "ssl/certs", "ssl/openssl.cnf"],
];

const open = ["/etc", "/etc/pki", "/etc/pki/tls", "/etc/ssl", "/home", "/opt", "/run", "/var"];

/** The directories at the root that are links into /usr, or that hold libraries and programs themselves. */
const beside = /^(?:bin|sbin|lib(?:32|64|x32)?)$/;

/** bwrap's arguments for namespaces of its own and a system to read, with nothing of the host's but its programs. */
export function systemArguments(rootfs: string): string[] {
  const links = readdirSync(rootfs).filter((name) => beside.test(name));
  return [
    ...["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--uid", "0", "--gid", "0", "--hostname", "glovebox", "--new-session", "--clearenv", "--cap-drop", "ALL"],
    ...["--ro-bind", join(rootfs, "usr"), "/usr"],
    ...links.flatMap((name) => {
      const path = join(rootfs, name);
      const isLink = lstatSync(path).isSymbolicLink();
      return isLink ? ["--symlink", readlinkSync(path), `/${name}`] : ["--ro-bind", path, `/${name}`];
    }),
    // What bwrap makes on the way to a mount is root's alone.
    ...open.flatMap((path) => ["--perms", "0755", "--dir", path]),
    ...etc.flatMap((name) => ["--ro-bind-try", join(rootfs, "etc", name), `/etc/${name}`]),
    ...["--proc", "/proc", "--dev", "/dev"],
  ];
}
