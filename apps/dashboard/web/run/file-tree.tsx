import type { ManifestEntry } from "@glovebox/client";
import { safeName } from "@glovebox/core/text";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, File, Folder, Link2 } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { classNames } from "../base/class-names.ts";
import { type TreeRow, treeRows } from "../model/file-tree.ts";

const rowHeight = 28;

interface FileTreeProps {
  readonly entries: readonly ManifestEntry[];
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

export function FileTree({ entries, selected, onSelect }: FileTreeProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [isChangedOnly, setChangedOnly] = useState(() => entries.some(({ change }) => change !== "unchanged"));
  const shown = useMemo(
    () => (isChangedOnly ? entries.filter(({ change }) => change !== "unchanged") : entries),
    [entries, isChangedOnly],
  );
  const tree = useMemo(() => treeRows(shown, folded), [shown, folded]);
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: tree.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  });
  const toggle = (path: string): void => {
    const next = new Set(folded);
    if (!next.delete(path)) next.add(path);
    setFolded(next);
  };
  return (
    <nav className="file-tree" aria-label="Files" ref={scroller}>
      <label className="file-tree__filter">
        <input type="checkbox" checked={isChangedOnly} onChange={(event) => setChangedOnly(event.target.checked)} />
        Changed files only
      </label>
      <div className="file-tree__all" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const row = tree[index];
          return row === undefined ? null : (
            <div key={key} className="file-tree__row" style={{ transform: `translateY(${start}px)` }}>
              <Row
                row={row}
                isFolded={folded.has(row.path)}
                isSelected={row.path === selected}
                onPress={() => (row.isDirectory ? toggle(row.path) : onSelect(row.path))}
              />
            </div>
          );
        })}
      </div>
    </nav>
  );
}

interface RowProps {
  readonly row: TreeRow;
  readonly isFolded: boolean;
  readonly isSelected: boolean;
  readonly onPress: () => void;
}

function Row({ row, isFolded, isSelected, onPress }: RowProps) {
  const Icon = row.isDirectory ? Folder : row.entry.kind === "symlink" ? Link2 : File;
  const { change } = row.entry;
  return (
    <button
      type="button"
      className={classNames("file-tree__file", isSelected && "file-tree__file--selected")}
      style={{ paddingLeft: 6 + row.depth * 14 }}
      aria-expanded={row.isDirectory ? !isFolded : undefined}
      aria-current={isSelected ? "true" : undefined}
      onClick={onPress}
    >
      {row.isDirectory ? (
        <ChevronRight aria-hidden className={classNames("file-tree__arrow", !isFolded && "file-tree__arrow--open")} />
      ) : (
        <span className="file-tree__arrow" />
      )}
      <Icon aria-hidden />
      <span className={classNames("cut path", change === "deleted" && "file-tree__deleted")}>
        {safeName(row.name, 120)}
      </span>
      {change === "unchanged" ? null : (
        <span className={`mark mark--${marks[change].kind}`} title={change}>
          {marks[change].letter}
        </span>
      )}
    </button>
  );
}

const marks = {
  created: { letter: "A", kind: "add" },
  changed: { letter: "M", kind: "modify" },
  deleted: { letter: "D", kind: "delete" },
} as const;
