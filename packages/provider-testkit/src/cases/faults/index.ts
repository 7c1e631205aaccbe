import type { ConformanceCase } from "../../conformance-case.ts";
import { givesUp } from "./gives-up.ts";
import { lostStreams } from "./lost-streams.ts";
import { survivesFaults } from "./survives-faults.ts";
import { survivesKilledHost } from "./survives-killed-host.ts";

export const faultCases: readonly ConformanceCase[] = [...survivesFaults, survivesKilledHost, lostStreams, givesUp];
