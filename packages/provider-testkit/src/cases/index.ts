import type { ConformanceCase } from "../conformance-case.ts";
import { fileCases } from "./files/index.ts";
import { lifeCases } from "./life/index.ts";
import { processCases } from "./process/index.ts";

/** Every case of the suite. */
export const conformanceCases: readonly ConformanceCase[] = [...lifeCases, ...processCases, ...fileCases];
