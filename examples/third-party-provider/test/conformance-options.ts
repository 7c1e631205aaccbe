import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { createBubblewrapProvider } from "../src/index.ts";

/** These break the connection to a vendor's API, call by call. */
const faults = [
  ...["cut-before", "cut-during", "cut-after", "half", "stall", "slow", "rate-limited", "unauthorized"],
  ...["server-error", "host-killed", "lost-streams", "gives-up"],
];
const noWire = "bubblewrap is a program on this host: there is no connection to a vendor to break";

const stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));

/** How the conformance suite is run against bubblewrap. */
export const conformanceOptions: TestProviderOptions = {
  create: () => createBubblewrapProvider({ stateDir }),
  // The host's own disk is what there is to reach.
  unreachable: () => createBubblewrapProvider({ stateDir: import.meta.filename }),
  plugin: { module: new URL("../src/index.ts", import.meta.url).href, settings: { stateDir } },
  skips: Object.fromEntries(faults.map((name) => [`faults/${name}`, noWire])),
};

/** Removes what the runs of the suite left on the disk: templates. */
export function removeState(): void {
  rmSync(stateDir, { recursive: true, force: true });
}
