import type { HarnessCase } from "../harness-case.ts";
import type { TestHarnessOptions } from "../test-harness-options.ts";
import { harnessCases } from "./index.ts";

export function selectCases({ only }: TestHarnessOptions): readonly HarnessCase[] {
  return only === undefined
    ? harnessCases
    : harnessCases.filter(({ name }) => only.some((part) => name.includes(part)));
}
