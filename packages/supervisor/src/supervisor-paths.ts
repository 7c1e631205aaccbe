/** Where a supervisor and what belongs to it lie in a sandbox. */
export const supervisorPaths = {
  /** Where an image puts {@link supervisorFile}: readable by everyone, writable by root alone. */
  file: "/opt/glovebox/supervisor.cjs",
  /** What the sandbox trusts when certificates were given to `configure`: the public ones and those, in one PEM file. */
  certificates: "/opt/glovebox/certificates.pem",
  /** Root's own directory (0700) for the socket of later connections. An image may hold it; else it is made under /run. */
  socketDir: "/run/glovebox",
} as const;

/** The arguments of the file: `serve` is the resident process, `connect` reaches it over stdio from a second exec as root. */
export const supervisorModes = { serve: "serve", connect: "connect" } as const;
