import type { Manifest, ManifestEntry } from "@glovebox/client";
import { formatBytes, formatCount, safeName } from "@glovebox/core/text";
import { Download, FileText, TriangleAlert, X } from "lucide-react";
import { Button } from "../base/button.tsx";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { saveFile } from "../data/run-files.ts";
import { FileContent } from "./file-content.tsx";
import { useShownRun } from "./run-context.ts";

interface FilePreviewProps {
  readonly files: Manifest;
  readonly entry: ManifestEntry | undefined;
  readonly onClose: () => void;
}

/** One file: its name, what changed, and its content where it can be shown. */
export function FilePreview({ files, entry, onClose }: FilePreviewProps) {
  const { run } = useShownRun();
  if (entry === undefined) return <NothingChosen files={files} />;
  return (
    <section className="preview" aria-label={safeName(entry.path, 200)}>
      <header className="preview__head">
        <span className="mono cut grow path">{safeName(entry.path, 300)}</span>
        <span className="faint number">{entry.size === undefined ? "" : formatBytes(entry.size)}</span>
        {entry.kind === "file" && entry.change !== "deleted" ? (
          <Button
            isSmall
            look="quiet"
            icon={<Download />}
            label="Download this file"
            onClick={() => saveFile(run.id, entry.path)}
          />
        ) : null}
        <Button isSmall look="quiet" icon={<X />} label="Close the preview" onClick={onClose} />
      </header>
      {files.executable.includes(entry.path) ? (
        <p className="preview__warning">
          <TriangleAlert aria-hidden /> Tools may execute this file on their own. Read it before you use it.
        </p>
      ) : null}
      <Body entry={entry} files={files} />
    </section>
  );
}

function Body({ entry, files }: { entry: ManifestEntry; files: Manifest }) {
  if (entry.kind === "symlink") return <p className="pad">A symbolic link to {safeName(entry.target ?? "?", 300)}</p>;
  if (entry.change === "deleted") return <p className="pad soft">The agent deleted this file.</p>;
  if (entry.kind === "directory") return <p className="pad soft">An empty directory.</p>;
  return <FileContent entry={entry} files={files} />;
}

function NothingChosen({ files }: { files: Manifest }) {
  const { skipped } = files;
  return (
    <div className="preview preview--none">
      <Empty icon={FileText} title="Choose a file">
        <p>
          {formatCount(files.manifest.length, "path")}, {formatBytes(files.bytes)}. Text, images and web pages are shown
          here; everything can be downloaded.
        </p>
      </Empty>
      {files.complete ? null : <Notice tone="amber">The collection broke off: files may be missing.</Notice>}
      {skipped.length === 0 ? null : (
        <Notice tone="amber">
          <p>{formatCount(skipped.length, "file")} did not come back:</p>
          <ul>
            {skipped.slice(0, 20).map(({ path, reason }) => (
              <li key={path}>
                <span className="mono">{safeName(path, 200)}</span>{" "}
                <span className="soft">{safeName(reason, 200)}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}
