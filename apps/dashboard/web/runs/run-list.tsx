import type { Run } from "@glovebox/client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useUserNames } from "../data/users.ts";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { RunRow } from "./run-row.tsx";

const rowHeight = 54;
/** How many rows before the end of the list the next page is fetched. */
const ahead = 20;

interface RunListProps {
  readonly runs: readonly Run[];
  /** Fetches the next page; absent when there is none. */
  readonly onMore: (() => void) | undefined;
}

/** Draws only the rows that are in view: a thousand runs cost as much as thirty. */
export function RunList({ runs, onMore }: RunListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const userNames = useUserNames();
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => runs[index]?.id ?? index,
    overscan: 12,
  });
  const selected = useSelection(runs, (index) => rows.scrollToIndex(index));
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= runs.length - ahead) onMore?.();
  }, [last, runs.length, onMore]);
  return (
    <section className="run-list" ref={scroller} aria-label="Runs">
      <ul className="run-list__all" style={{ height: rows.getTotalSize() }}>
        {shown.map(({ key, index, start }) => {
          const run = runs[index];
          if (run === undefined) return null;
          return (
            <li key={key} className="run-list__item" style={{ transform: `translateY(${start}px)` }}>
              <RunRow run={run} userName={userNames.get(run.userId)} isSelected={index === selected} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The row that the keys have chosen. */
function useSelection(runs: readonly Run[], show: (index: number) => void): number {
  const [selected, select] = useState(-1);
  const [, navigate] = useLocation();
  const move = (step: number): void => {
    const next = Math.min(runs.length - 1, Math.max(0, selected + step));
    select(next);
    show(next);
  };
  const open = (): void => {
    const run = runs[selected];
    if (run !== undefined) navigate(`/runs/${run.id}`);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    Enter: open,
  });
  return selected;
}
