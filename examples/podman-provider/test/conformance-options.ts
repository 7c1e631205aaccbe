import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { createPodmanProvider } from "../src/index.ts";

/** These break the connection to a vendor's API, call by call. */
const faults = [
  ...["cut-before", "cut-during", "cut-after", "half", "stall", "slow", "rate-limited", "unauthorized"],
  ...["server-error", "host-killed", "lost-streams", "gives-up"],
];
const noConnection = "podman is a program on this host: there is no connection to a vendor to break";

/** How the conformance suite is run against Podman. */
export const conformanceOptions: TestProviderOptions = {
  create: () => createPodmanProvider(),
  unreachable: () => createPodmanProvider({ command: "/nonexistent/podman" }),
  plugin: { module: new URL("../src/index.ts", import.meta.url).href },
  skips: Object.fromEntries(faults.map((name) => [`faults/${name}`, noConnection])),
};
