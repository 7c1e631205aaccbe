import type { HarnessCase } from "../harness-case.ts";
import { apiCases } from "./api-cases.ts";
import { limitCases } from "./limit-cases.ts";
import { outputCases } from "./output-cases.ts";
import { sealedCases } from "./sealed-cases.ts";
import { sessionCases } from "./session-cases.ts";
import { stopCases } from "./stop-cases.ts";
import { workCases } from "./work-cases.ts";

/** Every case of the suite. */
export const harnessCases: readonly HarnessCase[] = [
  ...workCases,
  ...sealedCases,
  ...apiCases,
  ...limitCases,
  ...stopCases,
  ...sessionCases,
  ...outputCases,
];
