import type { ConformanceCase } from "../../conformance-case.ts";
import { abortedBeforehand } from "./aborted-beforehand.ts";
import { close } from "./close.ts";
import { connectFromOtherProcess } from "./connect-from-other-process.ts";
import { createAborted } from "./create-aborted.ts";
import { createReadsBack } from "./create-reads-back.ts";
import { destroyAfterAbort } from "./destroy-after-abort.ts";
import { destroyTwice } from "./destroy-twice.ts";
import { destroyUnderProcess } from "./destroy-under-process.ts";
import { dispose } from "./dispose.ts";
import { environmentReadsBack } from "./environment-reads-back.ts";
import { hostKilled } from "./host-killed.ts";
import { hostileIds } from "./hostile-ids.ts";
import { hostileLabels } from "./hostile-labels.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { infoNeverExtends } from "./info-never-extends.ts";
import { leaseEnd } from "./lease-end.ts";
import { leaseExtended } from "./lease-extended.ts";
import { listByLabels } from "./list-by-labels.ts";
import { listMany } from "./list-many.ts";
import { listThrows } from "./list-throws.ts";
import { prepareAgain } from "./prepare-again.ts";
import { reaper } from "./reaper.ts";
import { superseded } from "./superseded.ts";
import { wake } from "./wake.ts";
import { wrongSpec } from "./wrong-spec.ts";

export const lifeCases: readonly ConformanceCase[] = [
  abortedBeforehand,
  close,
  connectFromOtherProcess,
  createAborted,
  createReadsBack,
  destroyAfterAbort,
  destroyTwice,
  destroyUnderProcess,
  dispose,
  environmentReadsBack,
  hostKilled,
  hostileIds,
  hostileLabels,
  idempotencyKey,
  infoNeverExtends,
  leaseEnd,
  leaseExtended,
  listByLabels,
  listMany,
  listThrows,
  prepareAgain,
  reaper,
  superseded,
  wake,
  wrongSpec,
];
