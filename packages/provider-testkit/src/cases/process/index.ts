import type { ConformanceCase } from "../../conformance-case.ts";

export const processCases: readonly ConformanceCase[] = [];
