import type { ConformanceCase } from "../../conformance-case.ts";
import { abortsTransfers } from "./aborts-transfers.ts";
import { changesFolders } from "./changes-folders.ts";
import { failingBody } from "./failing-body.ts";
import { followsNoLink } from "./follows-no-link.ts";
import { fullDisk } from "./full-disk.ts";
import { keepsArchives } from "./keeps-archives.ts";
import { keepsBytes } from "./keeps-bytes.ts";
import { keepsHardLinks } from "./keeps-hard-links.ts";
import { keepsLinks } from "./keeps-links.ts";
import { keepsModes } from "./keeps-modes.ts";
import { keepsNames } from "./keeps-names.ts";
import { leavesOut } from "./leaves-out.ts";
import { namesSpecialFiles } from "./names-special-files.ts";
import { reachesMounts } from "./reaches-mounts.ts";
import { reachesTmp } from "./reaches-tmp.ts";
import { readsWhileWritten } from "./reads-while-written.ts";
import { refusesCutArchives } from "./refuses-cut-archives.ts";
import { saysWhatIsMissing } from "./says-what-is-missing.ts";
import { streamsLarge } from "./streams-large.ts";
import { transfersAtOnce } from "./transfers-at-once.ts";
import { unpacksOnlyBelow } from "./unpacks-only-below.ts";

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
  changesFolders,
  leavesOut,
  transfersAtOnce,
  abortsTransfers,
  streamsLarge,
];
