/** What one contender took, in milliseconds, sorted. */
export interface Sample {
  readonly contender: string;
  readonly timesMs: readonly number[];
}

export interface Contender {
  readonly name: string;
  /** One measured round. Returns a time of its own where not everything in it is to be measured. */
  round(index: number): Promise<number | undefined>;
}

/** Runs the contenders in turn, so that a machine that gets slower or faster does so for all of them. */
export async function measure(
  rounds: number,
  contenders: readonly Contender[],
  warmups = 1,
): Promise<readonly Sample[]> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let index = -warmups; index < rounds; index++) {
    for (const contender of contenders) {
      const start = performance.now();
      const own = await contender.round(index);
      const took = own ?? performance.now() - start;
      if (index >= 0) times.get(contender.name)?.push(took);
    }
  }
  return [...times].map(([contender, list]) => ({ contender, timesMs: list.toSorted((a, b) => a - b) }));
}

/** The value below which the given share of a sorted sample lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
