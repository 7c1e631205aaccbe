import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { ArrowDown, MessageSquare } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../base/button.tsx";
import { Empty } from "../base/empty.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import type { ConversationItem } from "../model/conversation-item.ts";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { ConversationRow } from "./conversation-row.tsx";
import { OpenItems, useOpenItems } from "./open-items.ts";
import { Prompt } from "./prompt.tsx";
import { useShownRun } from "./run-context.ts";

/** How near to the end counts as at the end. */
const endDistance = 80;

/** The agent's conversation. It follows the newest event until the user scrolls up. */
export function ConversationView() {
  const { model, run } = useShownRun();
  const { items } = model.conversation;
  const scroller = useRef<HTMLElement>(null);
  const openItems = useOpenItems();
  const rows = useVirtualizer({
    count: items.length + 1,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(items[index - 1]),
    getItemKey: (index) => items[index - 1]?.key ?? "prompt",
    overscan: 8,
  });
  const tail = useTail(scroller, rows, items.length, run.state !== "ended");
  useShortcuts({ End: tail.jump, e: openItems.toggleAll });
  return (
    <OpenItems value={openItems}>
      <ScrollArea className="conversation" ref={scroller} label="Conversation" onScroll={tail.onScroll}>
        <div className="conversation__all" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="conversation__row"
              style={{ transform: `translateY(${start}px)` }}
            >
              <RowAt item={items[index - 1]} isFirst={index === 0} />
            </div>
          ))}
        </div>
        {items.length === 0 ? <NothingYet /> : null}
      </ScrollArea>
      {tail.isAway ? (
        <Button className="conversation__jump" isSmall icon={<ArrowDown />} onClick={tail.jump}>
          Newest
        </Button>
      ) : null}
    </OpenItems>
  );
}

function RowAt({ item, isFirst }: { item: ConversationItem | undefined; isFirst: boolean }) {
  if (isFirst) return <Prompt />;
  return item === undefined ? null : <ConversationRow item={item} />;
}

function NothingYet() {
  const { run, isShared } = useShownRun();
  if (run.state === "ended") {
    return (
      <Empty icon={MessageSquare} title="No conversation">
        <p>The run ended before the agent said anything{isShared ? "." : "; its details say why."}</p>
      </Empty>
    );
  }
  return (
    <Empty icon={MessageSquare} title={run.state === "queued" ? "Waiting for a free worker" : "Preparing the sandbox"}>
      <p>The agent's words and its tool calls appear here as they happen.</p>
    </Empty>
  );
}

function estimate(item: ConversationItem | undefined): number {
  if (item === undefined) return 96;
  if (item.kind === "message") return 44 + Math.ceil(item.text.length / 90) * 21;
  return item.kind === "result" ? 80 : 38;
}

type Rows = Virtualizer<HTMLElement, Element>;

/** Keeps the newest row in view while the user is at the end. */
function useTail(scroller: React.RefObject<HTMLElement | null>, rows: Rows, count: number, isLive: boolean) {
  const isAtEnd = useRef(isLive);
  const [isAway, setAway] = useState(false);
  const size = rows.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row, or one that grew, moves the end
  useEffect(() => {
    if (isLive && isAtEnd.current) scroller.current?.scrollTo({ top: size });
  }, [count, size, isLive]);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < endDistance;
    isAtEnd.current = isNear;
    setAway(!isNear);
  };
  const jump = (): void => {
    isAtEnd.current = true;
    rows.scrollToIndex(count, { align: "end" });
  };
  return { isAway, onScroll, jump };
}
