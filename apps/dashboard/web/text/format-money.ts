/** `$0.42`, `$12.30`; below a cent with four decimals, so that a cheap run is not free. */
export function formatMoney(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
}
