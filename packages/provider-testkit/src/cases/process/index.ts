import type { ConformanceCase } from "../../conformance-case.ts";
import { attachOffsets } from "./attach/attach-offsets.ts";
import { attachTwoReaders } from "./attach/attach-two-readers.ts";
import { background } from "./attach/background.ts";
import { detachedGap } from "./attach/detached-gap.ts";
import { listed } from "./attach/listed.ts";
import { exitCodes } from "./exit/exit-codes.ts";
import { exitLate } from "./exit/exit-late.ts";
import { exitLeaderFirst } from "./exit/exit-leader-first.ts";
import { exitSignals } from "./exit/exit-signals.ts";
import { bothWays } from "./input/both-ways.ts";
import { stdinClosed } from "./input/stdin-closed.ts";
import { stdinPieces } from "./input/stdin-pieces.ts";
import { stdinUnread } from "./input/stdin-unread.ts";
import { stdinWaits } from "./input/stdin-waits.ts";
import { stdinWhole } from "./input/stdin-whole.ts";
import { abortKills } from "./kill/abort-kills.ts";
import { killAgain } from "./kill/kill-again.ts";
import { killAtOnce } from "./kill/kill-at-once.ts";
import { killReachesBareOrphans } from "./kill/kill-reaches-bare-orphans.ts";
import { killReachesGrandchildren } from "./kill/kill-reaches-grandchildren.ts";
import { killSignal } from "./kill/kill-signal.ts";
import { killSparesOthers } from "./kill/kill-spares-others.ts";
import { quiesce } from "./kill/quiesce.ts";
import { timeoutKills } from "./kill/timeout-kills.ts";
import { outputBothStreams } from "./output/output-both-streams.ts";
import { outputBytes } from "./output/output-bytes.ts";
import { outputHostile } from "./output/output-hostile.ts";
import { outputIntact } from "./output/output-intact.ts";
import { outputLetGo } from "./output/output-let-go.ts";
import { outputLive } from "./output/output-live.ts";
import { outputOrder } from "./output/output-order.ts";
import { outputUtf8Cut } from "./output/output-utf8-cut.ts";
import { argvUntouched } from "./spawn/argv-untouched.ts";
import { manyAtOnce } from "./spawn/many-at-once.ts";
import { spawnAborted } from "./spawn/spawn-aborted.ts";
import { spawnEnvironment } from "./spawn/spawn-environment.ts";
import { spawnFailures } from "./spawn/spawn-failures.ts";
import { user } from "./spawn/user.ts";

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
