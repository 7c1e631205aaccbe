import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  type Mount,
  sandboxUser,
  workspaceDir,
} from "@glovebox/core/provider";
import type Docker from "dockerode";
import { findSocket } from "./find-socket.ts";

export interface ResolveMountsOptions {
  /** Whether the engine sees this host's files: not so behind tcp or ssh. */
  readonly engineIsLocal: boolean;
  /** What is the engine's own: its data root and its socket. */
  readonly enginePaths: readonly string[];
  /** The person's home; the process's own by default. */
  readonly home?: string;
}

/** Folders that hand the host over, or run as it: nothing in them, and nothing that holds one, is mounted. */
const systemFolders = [
  ..."/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /run /sbin /sys /usr".split(" "),
  ..."/var/run /var/lib /var/spool /var/cache /var/log /Library /System /Applications /private/etc".split(" "),
];

/** Folders that are too much as a whole; what lies in them is another matter. */
const wholeFolders = ["/", "/home", "/Users", "/root", "/var", "/opt"];

/** Folders that hold keys, whoever's they are. */
const keyFolders: ReadonlySet<string> = new Set([".ssh", ".gnupg", ".aws", ".azure", ".docker", ".kube"]);

/** Below the person's home: keys, tokens, and what shells and desktops execute. */
const homeFolders = [
  ".ssh .gnupg .aws .azure .docker .kube .glovebox .claude .claude.json .netrc .npmrc .pypirc .git-credentials .gitconfig",
  ".password-store .mozilla .local/bin .local/share .config .bashrc .bash_profile .profile .zshrc .zprofile .bash_history",
  ".zsh_history Library",
]
  .join(" ")
  .split(" ");

/** Folders of the sandbox that a mount would break or defeat: none may be the target, lie above it or below it. */
const closedTargets = [
  ..."/bin /boot /dev /etc /lib /lib64 /opt/glovebox /proc /run /sbin /sys /usr /var/run /var/lib /tmp".split(" "),
];

/** Folders of the sandbox that a mount may lie in, but not cover. */
const heldTargets = [workspaceDir, sandboxUser.home];

/**
 * The engine's form of the mounts, links resolved. Throws `invalid-options` for a source that is missing, is neither file
 * nor folder, or would hand the host over, and `capability-unsupported` where the engine cannot see this host's files.
 */
export async function resolveMounts(
  mounts: readonly Mount[],
  options: ResolveMountsOptions,
): Promise<Docker.MountConfig> {
  if (mounts.length === 0) return [];
  if (!options.engineIsLocal) {
    throw new CapabilityUnsupportedError(
      "The Docker engine runs on another host, which does not see this one's files",
      {
        providerId: "docker",
        hint: "Copy the files into the sandbox instead of mounting them.",
      },
    );
  }
  const closed = await closedSources(options);
  const targets = new Set<string>();
  const resolved: Docker.MountSettings[] = [];
  for (const mount of mounts) {
    checkTarget(mount.target);
    if (targets.has(mount.target)) throw refused(mount, "two mounts have this target");
    targets.add(mount.target);
    resolved.push({
      Type: "bind",
      Source: await resolveSource(mount, closed),
      Target: mount.target,
      ReadOnly: mount.readOnly,
      BindOptions: { Propagation: "rprivate" },
    });
  }
  return resolved;
}

async function closedSources(options: ResolveMountsOptions): Promise<ReadonlySet<string>> {
  const home = options.home ?? homedir();
  const folders = [...systemFolders, ...options.enginePaths, ...homeFolders.map((name) => join(home, name))];
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return new Set([...folders, ...real]);
}

async function resolveSource(mount: Mount, closed: ReadonlySet<string>): Promise<string> {
  if (!isAbsolute(mount.source) || mount.source.includes("\0"))
    throw refused(mount, "the source is not an absolute path");
  let source: string;
  try {
    source = await realpath(mount.source);
  } catch (cause) {
    throw refused(
      mount,
      "the source does not exist or cannot be read",
      "Create it first, or check the spelling.",
      cause,
    );
  }
  if (wholeFolders.includes(source)) throw refused(mount, "it is too much of the host", "Mount a folder below it.");
  if (source.split(sep).some((name) => keyFolders.has(name))) throw refused(mount, "it is a place for keys");
  for (const folder of closed) {
    if (isWithin(source, folder)) throw refused(mount, `${folder} would hand the host over to the sandbox`);
    if (isWithin(folder, source)) {
      throw refused(
        mount,
        `it holds ${folder}, which would hand the host over to the sandbox`,
        "Mount a folder below it.",
      );
    }
  }
  const kind = await stat(source);
  if (!kind.isFile() && !kind.isDirectory()) throw refused(mount, "the source is neither a file nor a folder");
  const socket = kind.isDirectory() ? await findSocket(source) : undefined;
  if (socket !== undefined) {
    throw refused(mount, `it holds the socket ${socket}`, "A socket lets the sandbox talk to a program of the host.");
  }
  return source;
}

function checkTarget(target: string): void {
  const mount = { source: "", target };
  if (!target.startsWith("/") || target.includes("\0") || posix.normalize(target) !== target || target.endsWith("/")) {
    throw refused(
      mount,
      "the target is not a plain absolute path",
      "Write it like /data, without .. or a slash at the end.",
    );
  }
  for (const folder of closedTargets) {
    if (isBelow(target, folder) || isBelow(folder, target)) {
      throw refused(mount, `the target would cover ${folder} of the sandbox`, "Use a target such as /data.");
    }
  }
  for (const folder of heldTargets) {
    if (isBelow(folder, target))
      throw refused(mount, `the target would cover ${folder}`, `Use a folder below it, or /data.`);
  }
}

/** Whether `path` is `folder` or lies in it, on this host. */
function isWithin(path: string, folder: string): boolean {
  const between = relative(resolve(folder), path);
  return between === "" || (between !== ".." && !between.startsWith(`..${sep}`) && !isAbsolute(between));
}

/** Whether `path` is `folder` or lies in it, in the sandbox. */
function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

function refused(
  mount: Pick<Mount, "source" | "target">,
  reason: string,
  hint = "Mount a folder of its own, with nothing in it but what the sandbox may have.",
  cause?: unknown,
): InvalidOptionsError {
  const name = [mount.source, mount.target].filter(Boolean).join(":");
  return new InvalidOptionsError(`The mount ${name} is refused: ${reason}`, {
    providerId: "docker",
    hint,
    ...(cause !== undefined && { cause }),
  });
}
