import type { ConformanceCase } from "../../conformance-case.ts";
import { cpusEnforced } from "./cpus-enforced.ts";
import { diskEnforced } from "./disk-enforced.ts";
import { effective } from "./effective.ts";
import { limitsReadBack } from "./limits-read-back.ts";
import { memoryEnforced } from "./memory-enforced.ts";
import { mounts } from "./mounts.ts";
import { openFilesEnforced } from "./open-files-enforced.ts";
import { pidsEnforced } from "./pids-enforced.ts";
import { rootInside } from "./root-inside.ts";
import { shmEnforced } from "./shm-enforced.ts";
import { stats } from "./stats.ts";
import { tmpEnforced } from "./tmp-enforced.ts";
import { unsupported } from "./unsupported.ts";
import { unsupportedCalls } from "./unsupported-calls.ts";

export const capabilitiesCases: readonly ConformanceCase[] = [
  cpusEnforced,
  diskEnforced,
  effective,
  limitsReadBack,
  memoryEnforced,
  mounts,
  openFilesEnforced,
  pidsEnforced,
  rootInside,
  stats,
  tmpEnforced,
  shmEnforced,
  unsupportedCalls,
  unsupported,
];
