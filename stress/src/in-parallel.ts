import type { StressOptions } from "./stress-scenario.ts";

/** Does the rounds, `concurrency` of them at a time. */
export async function inParallel(
  { rounds, from, concurrency }: Pick<StressOptions, "rounds" | "from" | "concurrency">,
  work: (round: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const lane = async () => {
    while (next < from + rounds) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, rounds) }, lane));
}
