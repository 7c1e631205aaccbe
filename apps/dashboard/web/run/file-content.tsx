import type { Manifest, ManifestEntry } from "@glovebox/client";
import { formatBytes } from "@glovebox/core/text";
import { useEffect, useMemo, useState } from "react";
import { Button } from "../base/button.tsx";
import { QueryState } from "../base/query-state.tsx";
import { Segments } from "../base/segments.tsx";
import { useFile } from "../data/run-files.ts";
import { fileKind } from "../model/file-kind.ts";
import { CodeView } from "./code-view.tsx";
import { PagePreview } from "./page-preview.tsx";
import { useShownRun } from "./run-context.ts";

/** A larger file is fetched only when the user asks for it. */
const largestShown = 2_000_000;

export function FileContent({ entry, files }: { entry: ManifestEntry; files: Manifest }) {
  const [isWanted, setWanted] = useState((entry.size ?? 0) <= largestShown);
  if (isWanted) return <Loaded entry={entry} files={files} />;
  return (
    <div className="pad stack">
      <p className="soft">This file has {formatBytes(entry.size ?? 0)}.</p>
      <div>
        <Button onClick={() => setWanted(true)}>Show it anyway</Button>
      </div>
    </div>
  );
}

function Loaded({ entry, files }: { entry: ManifestEntry; files: Manifest }) {
  const { run } = useShownRun();
  const file = useFile(run.id, entry.path);
  const kind = fileKind(entry.path);
  return (
    <QueryState query={file}>
      {(blob) => {
        if (kind === "image") return <ImageView blob={blob} path={entry.path} />;
        return <TextContent blob={blob} entry={entry} files={files} isPage={kind === "page"} />;
      }}
    </QueryState>
  );
}

/** The type comes from the name, and only types that browsers draw without running anything are shown. */
function ImageView({ blob, path }: { blob: Blob; path: string }) {
  const type = path.toLowerCase().endsWith(".svg") ? "image/svg+xml" : "image/*";
  const url = useMemo(() => URL.createObjectURL(new Blob([blob], { type })), [blob, type]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <div className="preview__image">
      <img src={url} alt="The file's content" />
    </div>
  );
}

interface TextContentProps {
  readonly blob: Blob;
  readonly entry: ManifestEntry;
  readonly files: Manifest;
  readonly isPage: boolean;
}

function TextContent({ blob, entry, files, isPage }: TextContentProps) {
  const [look, setLook] = useState<"page" | "source">(isPage ? "page" : "source");
  const text = useText(blob);
  if (text === undefined) return null;
  if (text === null) return <p className="pad soft">A binary file. Download it to look at it.</p>;
  return (
    <>
      {isPage ? (
        <div className="preview__bar">
          <Segments
            label="View"
            value={look}
            options={[
              { value: "page", text: "Page" },
              { value: "source", text: "Source" },
            ]}
            onChange={setLook}
          />
        </div>
      ) : null}
      {look === "page" ? (
        <PagePreview html={text} entry={entry} files={files} />
      ) : (
        <CodeView text={text} path={entry.path} />
      )}
    </>
  );
}

/** The file as text; `null` when it is none. */
function useText(blob: Blob): string | null | undefined {
  const [text, setText] = useState<string | null>();
  useEffect(() => {
    const read = async (): Promise<void> => {
      const bytes = await blob.arrayBuffer();
      const isBinary = new Uint8Array(bytes.slice(0, 8_000)).includes(0);
      setText(isBinary ? null : new TextDecoder().decode(bytes));
    };
    void read();
  }, [blob]);
  return text;
}
