import type { ConformanceCase } from "../../conformance-case.ts";
import { keepsArchives } from "./archives/keeps-archives.ts";
import { keepsHardLinks } from "./archives/keeps-hard-links.ts";
import { keepsLinks } from "./archives/keeps-links.ts";
import { leavesOut } from "./archives/leaves-out.ts";
import { refusesCutArchives } from "./archives/refuses-cut-archives.ts";
import { unpacksOnlyBelow } from "./archives/unpacks-only-below.ts";
import { changesDirectories } from "./changes-directories.ts";
import { followsNoLink } from "./follows-no-link.ts";
import { keepsModes } from "./keeps-modes.ts";
import { keepsNames } from "./keeps-names.ts";
import { namesSpecialFiles } from "./names-special-files.ts";
import { reachesMounts } from "./reaches-mounts.ts";
import { reachesTmp } from "./reaches-tmp.ts";
import { saysWhatIsMissing } from "./says-what-is-missing.ts";
import { abortsTransfers } from "./transfers/aborts-transfers.ts";
import { failingBody } from "./transfers/failing-body.ts";
import { fullDisk } from "./transfers/full-disk.ts";
import { keepsBytes } from "./transfers/keeps-bytes.ts";
import { readsWhileWritten } from "./transfers/reads-while-written.ts";
import { streamsLarge } from "./transfers/streams-large.ts";
import { transfersAtOnce } from "./transfers/transfers-at-once.ts";

export const fileCases: readonly ConformanceCase[] = [
  keepsBytes,
  keepsNames,
  keepsModes,
  keepsLinks,
  keepsHardLinks,
  keepsArchives,
  followsNoLink,
  unpacksOnlyBelow,
  refusesCutArchives,
  readsWhileWritten,
  fullDisk,
  failingBody,
  namesSpecialFiles,
  reachesTmp,
  reachesMounts,
  saysWhatIsMissing,
  changesDirectories,
  leavesOut,
  transfersAtOnce,
  abortsTransfers,
  streamsLarge,
];
