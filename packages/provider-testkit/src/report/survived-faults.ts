interface WithFigures {
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/** How many faults the provider lived through, over all cases that inject some. */
export function survivedFaults(results: readonly WithFigures[]): number {
  return results.reduce((sum, { figures }) => sum + (figures?.survivedFaults ?? 0), 0);
}
