import type { ConformanceCase } from "../conformance-case.ts";
import type { TestProviderOptions } from "../test-provider-options.ts";
import { conformanceCases } from "./index.ts";

/** The cases that `only` selects. */
export function selectCases({ only }: Pick<TestProviderOptions, "only">): readonly ConformanceCase[] {
  return conformanceCases.filter(({ name }) => only?.some((word) => name.includes(word)) ?? true);
}
