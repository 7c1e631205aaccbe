import type { ConformanceCase } from "../../conformance-case.ts";
import { survivesFaults } from "./survives-faults.ts";

export const faultCases: readonly ConformanceCase[] = [...survivesFaults];
