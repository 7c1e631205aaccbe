import type { ConformanceCase } from "../../conformance-case.ts";

export const lifeCases: readonly ConformanceCase[] = [];
