import { formatCount, safeName } from "@glovebox/core/text";
import { useVirtualizer } from "@tanstack/react-virtual";
import { FileDiff } from "lucide-react";
import { useMemo, useRef } from "react";
import { Empty } from "../base/empty.tsx";
import { QueryState } from "../base/query-state.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { usePatch } from "../data/run-files.ts";
import { type Diff, diffRows } from "../model/diff-rows.ts";
import { DiffRowView } from "./diff-row-view.tsx";
import { useShownRun } from "./run-context.ts";

const rowHeights = { file: 44, hunk: 26, note: 30, line: 20 } as const;
/** The width of a character, and of what precedes a line. */
const characterPx = 7.25;
const gutterPx = 130;

/** What the run has changed, as a diff. */
export function ChangesView() {
  const { run } = useShownRun();
  const isEnded = run.state === "ended";
  const patch = usePatch(run.id, isEnded);
  if (!isEnded) {
    return (
      <Empty icon={FileDiff} title="No changes yet">
        <p>The changes are compared when the run has ended and its files are back.</p>
      </Empty>
    );
  }
  return <QueryState query={patch}>{(text) => <Changes patch={text ?? ""} />}</QueryState>;
}

function Changes({ patch }: { patch: string }) {
  const diff = useMemo(() => diffRows(patch), [patch]);
  if (diff.files.length > 0) return <DiffView diff={diff} />;
  return (
    <Empty icon={FileDiff} title="Nothing to compare">
      <p>
        The run left its workspace as it was. A run that began without a workspace has nothing to compare with: all its
        files are new, and the next tab has them.
      </p>
    </Empty>
  );
}

function DiffView({ diff }: { diff: Diff }) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: diff.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeights[diff.rows[index]?.kind ?? "line"],
    overscan: 30,
  });
  return (
    <div className="changes">
      <FileList diff={diff} onSelect={(row) => rows.scrollToIndex(row, { align: "start" })} />
      <ScrollArea className="diff" ref={scroller} label="Diff">
        <div
          className="diff__all"
          style={{
            height: rows.getTotalSize(),
            minWidth: `max(100%, ${Math.ceil(diff.longest * characterPx) + gutterPx}px)`,
          }}
        >
          {rows.getVirtualItems().map(({ key, index, start, size }) => {
            const row = diff.rows[index];
            return row === undefined ? null : (
              <div key={key} className="diff__row" style={{ transform: `translateY(${start}px)`, height: size }}>
                <DiffRowView row={row} />
              </div>
            );
          })}
        </div>
      </ScrollArea>
    </div>
  );
}

function FileList({ diff, onSelect }: { diff: Diff; onSelect: (row: number) => void }) {
  const added = diff.files.reduce((sum, file) => sum + file.added, 0);
  const removed = diff.files.reduce((sum, file) => sum + file.removed, 0);
  return (
    <nav className="diff-files" aria-label="Changed files">
      <p className="diff-files__sum">
        {formatCount(diff.files.length, "file")} <Counts added={added} removed={removed} />
      </p>
      <ul>
        {diff.files.map((file) => (
          <li key={file.row}>
            <button type="button" className="diff-files__file" onClick={() => onSelect(file.row)}>
              <span className={`mark mark--${file.type}`} title={file.type}>
                {letters[file.type]}
              </span>
              <span className="cut path">{safeName(file.path, 200)}</span>
              <Counts added={file.added} removed={file.removed} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const letters = { add: "A", delete: "D", modify: "M", rename: "R", copy: "C" } as const;

function Counts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="counts number">
      {added === 0 ? null : <span className="counts__added">+{added}</span>}
      {removed === 0 ? null : <span className="counts__removed">−{removed}</span>}
    </span>
  );
}
