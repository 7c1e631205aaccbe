import type { ConformanceCase } from "../../conformance-case.ts";
import { optionalAbortedBeforehand } from "./aborted-beforehand.ts";
import { endpointCarries } from "./endpoint-carries.ts";
import { endpointCloses } from "./endpoint-closes.ts";
import { notClaimed } from "./not-claimed.ts";
import { pauseFreezes } from "./pause-freezes.ts";
import { pauseOutlastsLease } from "./pause-outlasts-lease.ts";
import { snapshotKeepsFiles } from "./snapshot-keeps-files.ts";
import { terminalEnds } from "./terminal-ends.ts";
import { terminalKeys } from "./terminal-keys.ts";
import { terminalShared } from "./terminal-shared.ts";
import { terminalSize } from "./terminal-size.ts";
import { watchEnds } from "./watch-ends.ts";
import { watchTells } from "./watch-tells.ts";

export const optionalCases: readonly ConformanceCase[] = [
  notClaimed,
  optionalAbortedBeforehand,
  terminalSize,
  terminalKeys,
  terminalEnds,
  terminalShared,
  endpointCarries,
  endpointCloses,
  watchTells,
  watchEnds,
  pauseFreezes,
  pauseOutlastsLease,
  snapshotKeepsFiles,
];
