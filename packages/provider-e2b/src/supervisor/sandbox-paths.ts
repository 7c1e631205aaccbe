/** Glovebox's paths in a sandbox, in addition to the supervisor's own. */
export const sandboxPaths = {
  /** Accessible only to root; empty after each boot. */
  run: "/run/glovebox-e2b",
  /** Contains the digest of the template that the sandbox was set up with. */
  setUp: "/opt/glovebox/set-up",
  node: "/opt/glovebox/bin/node",
} as const;

/** The port of the supervisor's WebSocket endpoint. */
export const supervisorPort = 47820;
/** The supervisor's egress port, which is unused on E2B. Free even if the sandbox itself is one of Glovebox's. */
export const unusedEgressPort = 47819;
