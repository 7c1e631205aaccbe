/** Where a supervisor and what belongs to it lie in a sandbox. */
export const supervisorPaths = {
  /** Where an image puts {@link supervisorFile}: readable by everyone, writable by root alone. */
  file: "/opt/glovebox/supervisor.cjs",
  /**
   * The Node that runs it, which others may execute and not read: the kernel then lets nobody of the same user trace it. The
   * same holds for the two beside it.
   */
  node: "/opt/glovebox/bin/node",
  /** Passes signals on and reaps what has lost its parent. */
  tini: "/opt/glovebox/bin/tini",
  /** A shell and `ip`, whatever the image holds. */
  busybox: "/opt/glovebox/bin/busybox",
  /** What the sandbox trusts when certificates were given to `configure`: the public ones and those, in one PEM file. */
  certificates: "/opt/glovebox/certificates.pem",
  /** The same file of a supervisor that is not root. */
  unprivilegedCertificates: "/dev/shm/glovebox/certificates.pem",
  /** Root's own directory (0700) for the socket of later connections. An image may hold it; else it is made under /run. */
  socketDir: "/run/glovebox",
} as const;

/**
 * The arguments of the file: `serve` is the resident process; `connect` reaches it over stdio from a second exec, as root or
 * as the user that it runs as; `prepare` makes a volume ready for a sandbox, and can shut the network.
 */
export const supervisorModes = { serve: "serve", connect: "connect", prepare: "prepare" } as const;
