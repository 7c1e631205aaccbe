import { safeName } from "@glovebox/core/text";
import { memo } from "react";
import type { DiffFile, DiffRow } from "../model/diff-rows.ts";
import { HiddenText } from "../text/hidden-text.tsx";

/** One row of a diff. Hidden characters are shown, as an attack on the reader would use them. */
export const DiffRowView = memo(function DiffRowView({ row }: { row: DiffRow }) {
  switch (row.kind) {
    case "file":
      return <FileHead file={row.file} />;
    case "hunk":
      return (
        <div className="diff__hunk mono">
          <HiddenText line={row.text} />
        </div>
      );
    case "note":
      return <div className="diff__note faint">{row.text}</div>;
    default:
      return (
        <div className={`diff__line diff__line--${row.type} mono`}>
          <span className="diff__number">{row.oldLine}</span>
          <span className="diff__number">{row.newLine}</span>
          <span className="diff__sign">{signs[row.type]}</span>
          <span className="diff__text">
            <HiddenText line={row.text} />
          </span>
        </div>
      );
  }
});

const signs = { insert: "+", delete: "-", normal: " " } as const;
const verbs = { add: "added", delete: "deleted", modify: "", rename: "renamed", copy: "copied" } as const;

function FileHead({ file }: { file: DiffFile }) {
  return (
    <div className="diff__file">
      <span className="mono">
        {file.oldPath === undefined ? "" : `${safeName(file.oldPath, 200)} → `}
        {safeName(file.path, 300)}
      </span>
      <span className="faint">{verbs[file.type]}</span>
      <span className="counts number">
        {file.added === 0 ? null : <span className="counts__added">+{file.added}</span>}
        {file.removed === 0 ? null : <span className="counts__removed">−{file.removed}</span>}
      </span>
    </div>
  );
}
