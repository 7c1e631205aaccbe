import { safeLine } from "@glovebox/core/text";
import { QueryState } from "../base/query-state.tsx";
import { type CostKey, useCost } from "../data/cost.ts";
import { useUserNames } from "../data/users.ts";
import { formatMoney } from "../text/format-money.ts";

const titles = { day: "By day", user: "By user", model: "By model", harness: "By harness" } as const;

export function CostTable({ by, days }: { by: CostKey; days: number }) {
  const cost = useCost(by, days);
  const names = useUserNames();
  return (
    <section className="card">
      <header className="card__head">
        <h2>{titles[by]}</h2>
      </header>
      <QueryState query={cost}>
        {({ entries, totalUsd }) =>
          entries.length === 0 ? (
            <p className="pad faint">Nothing yet</p>
          ) : (
            <table className="table">
              <thead className="only-for-readers">
                <tr>
                  <th>{titles[by]}</th>
                  <th>Runs</th>
                  <th>Cost</th>
                </tr>
              </thead>
              <tbody>
                {entries.map(({ key, costUsd, runs }) => (
                  <tr key={key}>
                    <td className="cost__name">
                      {safeLine(names.get(key) ?? key, 60)}
                      <progress className="meter" aria-hidden value={costUsd} max={totalUsd || 1} />
                    </td>
                    <td className="right faint number">{runs} runs</td>
                    <td className="right number">{formatMoney(costUsd)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </QueryState>
    </section>
  );
}
