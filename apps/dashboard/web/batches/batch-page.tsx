import type { Batch, BatchReport } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { Columns2, Square } from "lucide-react";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { Notice } from "../base/notice.tsx";
import { QueryState } from "../base/query-state.tsx";
import { useBatch, useBatchReport, useStopBatch } from "../data/batches.ts";
import { useMe } from "../data/me.ts";
import { Page } from "../shell/page.tsx";
import { formatMoney } from "../text/format-money.ts";
import { BatchGrid } from "./batch-grid.tsx";
import { Compare } from "./compare.tsx";
import { CountBar } from "./count-bar.tsx";
import { SliceTable } from "./slice-table.tsx";

const mostCompared = 3;

/** One batch: its rows as a grid, what they came to, and rows beside each other. */
export function BatchPage({ batchId }: { batchId: string }) {
  const batch = useBatch(batchId);
  const report = useBatchReport(batchId);
  const name = safeLine(batch.data?.name ?? batchId, 80);
  return (
    <Page title={name} actions={batch.data === undefined ? undefined : <Actions batch={batch.data} />}>
      <QueryState query={batch}>{(data) => <Totals batch={data} />}</QueryState>
      <QueryState query={report}>{(data) => <Report report={data} />}</QueryState>
    </Page>
  );
}

function Actions({ batch }: { batch: Batch }) {
  const { user, role } = useMe();
  const stop = useStopBatch(batch.id);
  if (batch.state === "ended" || (role !== "admin" && user.id !== batch.userId)) return null;
  return (
    <Button look="danger" icon={<Square />} disabled={stop.isPending} onClick={() => stop.mutate()}>
      Stop batch
    </Button>
  );
}

function Totals({ batch }: { batch: Batch }) {
  const limit = batch.maxCostUsd === undefined ? "" : ` of ${formatMoney(batch.maxCostUsd)}`;
  return (
    <div className="row totals">
      <CountBar counts={batch.counts} />
      <span className="soft number">
        {formatMoney(batch.costUsd)}
        {limit}
      </span>
    </div>
  );
}

function Report({ report }: { report: BatchReport }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [isComparing, setComparing] = useState(false);
  const toggle = (runId: string): void => {
    const without = chosen.filter((id) => id !== runId);
    setChosen(without.length < chosen.length ? without : [...chosen, runId].slice(-mostCompared));
  };
  const rows = report.rows.filter(({ runId }) => chosen.includes(runId));
  if (isComparing) return <Compare rows={rows} onClose={() => setComparing(false)} />;
  return (
    <div className="stack">
      {chosen.length === 0 ? null : (
        <Notice>
          <div className="row">
            <span className="grow">
              {chosen.length === 1 ? "Choose another row to compare it with." : `${chosen.length} rows are chosen.`}
            </span>
            <Button isSmall onClick={() => setChosen([])}>
              Clear
            </Button>
            <Button
              isSmall
              look="primary"
              icon={<Columns2 />}
              disabled={chosen.length < 2}
              onClick={() => setComparing(true)}
            >
              Compare
            </Button>
          </div>
        </Notice>
      )}
      <BatchGrid rows={report.rows} chosen={chosen} onToggle={toggle} />
      {report.slices.map(({ by, slices }) => (
        <SliceTable key={by} by={by} slices={slices} />
      ))}
    </div>
  );
}
