export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs synchronous work with the user's effective ids, so that the kernel judges it as it would judge the user: root
 * here has no right to read what is the user's alone. The real and saved ids stay root's; the user can signal neither
 * meanwhile.
 */
export function asUser<T>(user: SandboxUser, work: () => T): T {
  process.setegid?.(user.gid);
  process.seteuid?.(user.uid);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
