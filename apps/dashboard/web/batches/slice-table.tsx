import type { BatchReport } from "@glovebox/client";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { ScrollArea } from "../base/scroll-area.tsx";
import { formatMoney } from "../text/format-money.ts";

type Slice = BatchReport["slices"][number]["slices"][number];

const percent = (rate: number): string => `${Math.round(rate * 100)}%`;

/** The rows summed up by what they differ in. */
export function SliceTable({ by, slices }: { by: string; slices: readonly Slice[] }) {
  return (
    <section className="card">
      <header className="card__head">
        <h2>By {by}</h2>
      </header>
      <ScrollArea className="table-scroll" label={`By ${by}`}>
        <table className="table">
          <thead>
            <tr>
              <th>{by}</th>
              <th className="right">Rows</th>
              <th className="right">Succeeded</th>
              <th className="right" title="The range that holds the true rate with 95% certainty">
                Likely range
              </th>
              <th className="right">Cost</th>
              <th className="right">Duration</th>
            </tr>
          </thead>
          <tbody>
            {slices.map(({ name, rows, passRate, costUsd, durationMs }) => (
              <tr key={name}>
                <td className="mono">{safeLine(name, 60)}</td>
                <td className="right number">{rows}</td>
                <td className="right number">{passRate === undefined ? "—" : percent(passRate.rate)}</td>
                <td className="right number faint">
                  {passRate === undefined ? "—" : `${percent(passRate.low)} – ${percent(passRate.high)}`}
                </td>
                <td className="right number">{formatMoney(costUsd)}</td>
                <td className="right number">{formatDuration(durationMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  );
}
