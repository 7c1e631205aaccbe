import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, posix, relative, resolve, sep } from "node:path";
import {
  CapabilityUnsupportedError,
  dropUndefined,
  InvalidOptionsError,
  type Mount,
  sandboxUser,
  workspaceDir,
} from "@glovebox/core/provider";
import type Docker from "dockerode";
import { closedByName, closedDirectories } from "./closed-sources.ts";
import { findSocket } from "./find-socket.ts";

export interface ResolveMountsOptions {
  /** Whether the engine sees this host's files: not so behind tcp or ssh. */
  readonly engineIsLocal: boolean;
  /** What is the engine's own: its data root and its socket. */
  readonly enginePaths: readonly string[];
  /** The user's home; the process's own by default. */
  readonly home?: string;
}

/** Directories of the sandbox that a mount would break or defeat: none may be the target, lie above it or below it. */
const closedTargets = [
  ..."/bin /boot /dev /etc /lib /lib64 /opt/glovebox /proc /run /sbin /sys /usr /var/run /var/lib /tmp".split(" "),
];

/** Directories of the sandbox that a mount may lie in, but not cover. */
const heldTargets = [workspaceDir, sandboxUser.home];

/**
 * The engine's form of the mounts, links resolved. Throws `invalid-options` for a source that is missing, is neither file
 * nor directory, or would hand the host over, and `capability-unsupported` where the engine cannot see this host's files.
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
  const closed = await closedDirectories(options.home ?? homedir(), options.enginePaths);
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
  const reason = await closedByName(source, mount.readOnly);
  if (reason !== undefined) throw refused(mount, reason);
  for (const directory of closed) {
    if (isWithin(source, directory)) throw refused(mount, `${directory} would hand the host over to the sandbox`);
    if (isWithin(directory, source)) {
      throw refused(
        mount,
        `it holds ${directory}, which would hand the host over to the sandbox`,
        "Mount a directory below it.",
      );
    }
  }
  const kind = await stat(source);
  if (!kind.isFile() && !kind.isDirectory()) throw refused(mount, "the source is neither a file nor a directory");
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
  for (const directory of closedTargets) {
    if (isBelow(target, directory) || isBelow(directory, target)) {
      throw refused(mount, `the target would cover ${directory} of the sandbox`, "Use a target such as /data.");
    }
  }
  for (const directory of heldTargets) {
    if (isBelow(directory, target))
      throw refused(mount, `the target would cover ${directory}`, `Use a directory below it, or /data.`);
  }
}

/** Whether `path` is `directory` or lies in it, on this host. */
function isWithin(path: string, directory: string): boolean {
  const between = relative(resolve(directory), path);
  return between === "" || (between !== ".." && !between.startsWith(`..${sep}`) && !isAbsolute(between));
}

/** Whether `path` is `directory` or lies in it, in the sandbox. */
function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

function refused(
  mount: Pick<Mount, "source" | "target">,
  reason: string,
  hint = "Mount a directory of its own, with nothing in it but what the sandbox may have.",
  cause?: unknown,
): InvalidOptionsError {
  const name = [mount.source, mount.target].filter(Boolean).join(":");
  return new InvalidOptionsError(
    `The mount ${name} is refused: ${reason}`,
    dropUndefined({ providerId: "docker", hint, cause }),
  );
}
