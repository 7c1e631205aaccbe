import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { ScrollArea } from "../base/scroll-area.tsx";
import { HiddenText } from "../text/hidden-text.tsx";
import { type CodeToken, highlight } from "../text/highlight.ts";

const lineHeight = 20;

/** The source of a file with line numbers, drawn line by line as it scrolls into view. */
export function CodeView({ text, path }: { text: string; path: string }) {
  const lines = useMemo(() => highlight(text, path), [text, path]);
  const longest = useMemo(() => Math.min(2_000, Math.max(0, ...sampleLengths(text))), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });
  return (
    <ScrollArea className="code mono" ref={scroller} label="Source">
      <div className="code__all" style={{ height: rows.getTotalSize(), minWidth: `calc(${longest}ch + 70px)` }}>
        {rows.getVirtualItems().map(({ key, index, start }) => (
          <div key={key} className="code__line" style={{ transform: `translateY(${start}px)` }}>
            <span className="code__number">{index + 1}</span>
            <Line tokens={lines[index] ?? []} />
          </div>
        ))}
      </div>
    </ScrollArea>
  );
}

function sampleLengths(text: string): number[] {
  return text.split("\n", 20_000).map((line) => line.length);
}

function Line({ tokens }: { tokens: readonly CodeToken[] }) {
  return tokens.map(({ text, classes }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of one line never move
    <span key={index} className={classes}>
      <HiddenText line={text} />
    </span>
  ));
}
