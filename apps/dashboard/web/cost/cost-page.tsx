import { formatCount } from "@glovebox/core/text";
import { useState } from "react";
import { QueryState } from "../base/query-state.tsx";
import { Segments } from "../base/segments.tsx";
import { useCost } from "../data/cost.ts";
import { Page } from "../shell/page.tsx";
import { formatMoney } from "../text/format-money.ts";
import { CostTable } from "./cost-table.tsx";
import { DayChart } from "./day-chart.tsx";

const spans = [
  { value: "7", text: "7 days" },
  { value: "30", text: "30 days" },
  { value: "90", text: "90 days" },
] as const;

/** What models have cost: by day, and who and what it was for. */
export function CostPage() {
  const [days, setDays] = useState<"7" | "30" | "90">("30");
  const cost = useCost("day", Number(days));
  return (
    <Page
      title="Cost"
      about="What the models' APIs have charged for runs, as the gateway metered it."
      actions={<Segments label="Time" value={days} options={spans} onChange={setDays} />}
    >
      <QueryState query={cost}>
        {({ entries, totalUsd }) => (
          <section className="card">
            <header className="card__head">
              <h2 className="grow">
                {formatMoney(totalUsd)}{" "}
                <span className="faint">
                  {formatCount(
                    entries.reduce((sum, { runs }) => sum + runs, 0),
                    "run",
                  )}
                </span>
              </h2>
            </header>
            <div className="card__body">
              <DayChart entries={entries} days={Number(days)} />
            </div>
          </section>
        )}
      </QueryState>
      <div className="cost__tables">
        <CostTable by="model" days={Number(days)} />
        <CostTable by="user" days={Number(days)} />
        <CostTable by="harness" days={Number(days)} />
      </div>
    </Page>
  );
}
