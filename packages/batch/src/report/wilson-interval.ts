/** Of the standard normal distribution: 95 % lie within. */
const z = 1.959963984540054;

/** A share of successes, and the Wilson interval that holds the true one with 95 % confidence. All between 0 and 1. */
export interface PassRate {
  readonly passed: number;
  readonly total: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** The pass rate of `passed` out of `total`; of none, nothing is known: 0 to 1. */
export function passRate(passed: number, total: number): PassRate {
  if (total === 0) return { passed, total, rate: 0, low: 0, high: 1 };
  const rate = passed / total;
  const scale = 1 + z ** 2 / total;
  const middle = (rate + z ** 2 / (2 * total)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / total + z ** 2 / (4 * total ** 2));
  return { passed, total, rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
