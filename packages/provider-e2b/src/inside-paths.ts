/** Where what belongs to Glovebox lies in a sandbox, beside the supervisor's own paths. */
export const insidePaths = {
  /** Root's alone; empty after every start of the machine. */
  run: "/run/glovebox-e2b",
  /** Says what the sandbox was set up with: the digest of its template. */
  setUp: "/opt/glovebox/set-up",
  node: "/opt/glovebox/bin/node",
} as const;

/** The port on which the supervisor takes connections from outside. */
export const doorPort = 47820;
/** The supervisor's loopback port for a way out that it does not have here; free also where the sandbox itself is one of ours. */
export const unusedEgressPort = 47819;
