import type { ConformanceCase } from "../conformance-case.ts";
import { capabilitiesCases } from "./capabilities/index.ts";
import { egressCases } from "./egress/index.ts";
import { errorCases } from "./errors/index.ts";
import { faultCases } from "./faults/index.ts";
import { fileCases } from "./files/index.ts";
import { lifeCases } from "./life/index.ts";
import { optionalCases } from "./optional/index.ts";
import { processCases } from "./process/index.ts";

/** Every case of the suite. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...lifeCases,
  ...processCases,
  ...capabilitiesCases,
  ...optionalCases,
  ...fileCases,
  ...egressCases,
  ...errorCases,
  ...faultCases,
];
