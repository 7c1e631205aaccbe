import type { ConformanceCase } from "../../conformance-case.ts";
import { abortedBeforehand } from "./aborted-beforehand.ts";
import { connectFromOtherProcess } from "./connect-from-other-process.ts";
import { createAborted } from "./create/create-aborted.ts";
import { createReadsBack } from "./create/create-reads-back.ts";
import { environmentReadsBack } from "./create/environment-reads-back.ts";
import { hostileLabels } from "./create/hostile-labels.ts";
import { idempotencyKey } from "./create/idempotency-key.ts";
import { prepareAgain } from "./create/prepare-again.ts";
import { wrongSpec } from "./create/wrong-spec.ts";
import { close } from "./destroy/close.ts";
import { destroyAfterAbort } from "./destroy/destroy-after-abort.ts";
import { destroyTwice } from "./destroy/destroy-twice.ts";
import { destroyUnderProcess } from "./destroy/destroy-under-process.ts";
import { dispose } from "./destroy/dispose.ts";
import { superseded } from "./destroy/superseded.ts";
import { hostileIds } from "./hostile-ids.ts";
import { hostKilled } from "./lease/host-killed.ts";
import { infoNeverExtends } from "./lease/info-never-extends.ts";
import { leaseEnd } from "./lease/lease-end.ts";
import { leaseExtended } from "./lease/lease-extended.ts";
import { reaper } from "./lease/reaper.ts";
import { wake } from "./lease/wake.ts";
import { listByLabels } from "./list/list-by-labels.ts";
import { listMany } from "./list/list-many.ts";
import { listThrows } from "./list/list-throws.ts";

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
