import { isPrivileged } from "../privilege.ts";

export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs synchronous work with the user's effective ids, so that the kernel judges it as it would judge the user: root
 * here has no right to read what is the user's alone. The real and saved ids stay root's; the user can signal neither
 * meanwhile. A supervisor that is not root is the user already.
 */
export function asUser<T>(user: SandboxUser, work: () => T): T {
  if (!isPrivileged) return work();
  process.setegid?.(user.gid);
  process.seteuid?.(user.uid);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

/** What Node starts a process with so that it is the user's. A supervisor that is not root changes nothing, and may not. */
export function startedAs({ uid, gid }: SandboxUser): Partial<SandboxUser> {
  return isPrivileged ? { uid, gid } : {};
}
