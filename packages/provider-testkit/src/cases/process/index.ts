import type { ConformanceCase } from "../../conformance-case.ts";
import { abortKills } from "./abort-kills.ts";
import { argvUntouched } from "./argv-untouched.ts";
import { attachOffsets } from "./attach-offsets.ts";
import { attachTwoReaders } from "./attach-two-readers.ts";
import { background } from "./background.ts";
import { bothWays } from "./both-ways.ts";
import { detachedGap } from "./detached-gap.ts";
import { exitCodes } from "./exit-codes.ts";
import { exitLate } from "./exit-late.ts";
import { exitLeaderFirst } from "./exit-leader-first.ts";
import { exitSignals } from "./exit-signals.ts";
import { killAgain } from "./kill-again.ts";
import { killAtOnce } from "./kill-at-once.ts";
import { killReachesBareOrphans } from "./kill-reaches-bare-orphans.ts";
import { killReachesGrandchildren } from "./kill-reaches-grandchildren.ts";
import { killSignal } from "./kill-signal.ts";
import { killSparesOthers } from "./kill-spares-others.ts";
import { listed } from "./listed.ts";
import { manyAtOnce } from "./many-at-once.ts";
import { outputBothStreams } from "./output-both-streams.ts";
import { outputBytes } from "./output-bytes.ts";
import { outputHostile } from "./output-hostile.ts";
import { outputIntact } from "./output-intact.ts";
import { outputLetGo } from "./output-let-go.ts";
import { outputLive } from "./output-live.ts";
import { outputOrder } from "./output-order.ts";
import { outputUtf8Cut } from "./output-utf8-cut.ts";
import { quiesce } from "./quiesce.ts";
import { spawnAborted } from "./spawn-aborted.ts";
import { spawnEnvironment } from "./spawn-environment.ts";
import { spawnFailures } from "./spawn-failures.ts";
import { stdinClosed } from "./stdin-closed.ts";
import { stdinPieces } from "./stdin-pieces.ts";
import { stdinUnread } from "./stdin-unread.ts";
import { stdinWaits } from "./stdin-waits.ts";
import { stdinWhole } from "./stdin-whole.ts";
import { timeoutKills } from "./timeout-kills.ts";
import { user } from "./user.ts";

export const processCases: readonly ConformanceCase[] = [
  abortKills,
  argvUntouched,
  attachOffsets,
  attachTwoReaders,
  background,
  bothWays,
  detachedGap,
  exitCodes,
  exitLate,
  exitLeaderFirst,
  exitSignals,
  killAgain,
  killAtOnce,
  killReachesBareOrphans,
  killReachesGrandchildren,
  killSignal,
  killSparesOthers,
  listed,
  manyAtOnce,
  outputBothStreams,
  outputBytes,
  outputHostile,
  outputIntact,
  outputLetGo,
  outputLive,
  outputOrder,
  outputUtf8Cut,
  quiesce,
  spawnAborted,
  spawnEnvironment,
  spawnFailures,
  stdinClosed,
  stdinPieces,
  stdinUnread,
  stdinWaits,
  stdinWhole,
  timeoutKills,
  user,
];
