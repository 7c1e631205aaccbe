/** US dollars for users: `$0.0123`, `$1,234.50`. */
export function formatCost(usd: number): string {
  const digits = usd < 1 ? 4 : 2;
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
