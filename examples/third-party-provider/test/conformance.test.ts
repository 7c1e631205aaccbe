import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { createBubblewrapProvider } from "../src/index.ts";

const stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

/** These break the connection to a vendor's API, call by call. */
const faults = [
  ...["cut-before", "cut-after", "half", "stall", "slow", "rate-limited", "unauthorized", "server-error"],
  ...["host-killed", "lost-streams"],
];
const noWire = "bubblewrap is a program on this host: there is no connection to a vendor to break";

testProvider({
  create: () => createBubblewrapProvider({ stateDir }),
  // The host's own disk is what there is to reach.
  unreachable: () => createBubblewrapProvider({ stateDir: import.meta.filename }),
  plugin: { module: new URL("../src/index.ts", import.meta.url).href, settings: { stateDir } },
  skips: Object.fromEntries(faults.map((name) => [`faults/${name}`, noWire])),
});
