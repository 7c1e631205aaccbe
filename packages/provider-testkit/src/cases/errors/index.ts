import type { ConformanceCase } from "../../conformance-case.ts";
import { byCause } from "./by-cause.ts";
import { templateThatIsMissing } from "./template-that-is-missing.ts";
import { unreachable } from "./unreachable.ts";

export const errorCases: readonly ConformanceCase[] = [byCause, unreachable, templateThatIsMissing];
