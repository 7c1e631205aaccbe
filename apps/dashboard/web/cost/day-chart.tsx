import { formatMoney } from "../text/format-money.ts";

interface DayChartProps {
  readonly entries: readonly { readonly key: string; readonly costUsd: number; readonly runs: number }[];
  readonly days: number;
}

const dayMs = 86_400_000;

/** A bar for each day, also for those without a run. */
export function DayChart({ entries, days }: DayChartProps) {
  const byDay = new Map(entries.map((entry) => [entry.key, entry]));
  const keys = Array.from({ length: days }, (_, index) =>
    new Date(Date.now() - (days - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
  const most = Math.max(...entries.map(({ costUsd }) => costUsd), 0) || 1;
  return (
    <figure className="day-chart">
      <ol aria-label="Cost of each day">
        {keys.map((key) => {
          const entry = byDay.get(key);
          const cost = entry?.costUsd ?? 0;
          const text = `${key}: ${formatMoney(cost)}, ${entry?.runs ?? 0} runs`;
          return (
            <li key={key} title={text}>
              <span className="only-for-readers">{text}</span>
              <span
                className="day-chart__bar"
                style={{ height: `${Math.max(cost === 0 ? 0 : 2, (cost / most) * 100)}%` }}
              />
            </li>
          );
        })}
      </ol>
      <figcaption className="row faint number">
        <span className="grow">{keys[0]}</span>
        <span>at most {formatMoney(entries.length === 0 ? 0 : most)} a day</span>
        <span className="grow day-chart__end">today</span>
      </figcaption>
    </figure>
  );
}
