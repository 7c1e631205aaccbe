import type { BatchReport } from "@glovebox/client";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { Link } from "wouter";
import { StateIcon } from "../runs/run-state.tsx";
import { formatMoney } from "../text/format-money.ts";

type Row = BatchReport["rows"][number];

interface BatchGridProps {
  readonly rows: readonly Row[];
  readonly chosen: readonly string[];
  readonly onToggle: (runId: string) => void;
}

/** The rows of a batch as cells: how each went, at a glance. */
export function BatchGrid({ rows, chosen, onToggle }: BatchGridProps) {
  return (
    <ul className="grid">
      {rows.map((row) => (
        <li key={row.runId} className="cell" data-chosen={chosen.includes(row.runId)}>
          <Link href={`/runs/${row.runId}`} className="cell__link">
            <span className="row">
              <StateIcon run={stateOf(row)} />
              <span className="cell__name cut">{safeLine(row.rowId, 40)}</span>
            </span>
            <span className="cell__prompt">{safeLine(row.promptPreview, 110)}</span>
            <span className="cell__about faint number">
              {[
                row.model,
                row.durationMs === undefined ? undefined : formatDuration(row.durationMs),
                row.costUsd === undefined ? undefined : formatMoney(row.costUsd),
              ]
                .filter((part) => part !== undefined)
                .join(" · ") || "—"}
            </span>
          </Link>
          <input
            type="checkbox"
            className="cell__check"
            aria-label={`Choose row ${safeLine(row.rowId, 40)} to compare`}
            checked={chosen.includes(row.runId)}
            onChange={() => onToggle(row.runId)}
          />
        </li>
      ))}
    </ul>
  );
}

function stateOf({ state, outcome }: Row): Parameters<typeof StateIcon>[0]["run"] {
  return { state, outcome } as Parameters<typeof StateIcon>[0]["run"];
}
