import type { Manifest, ManifestEntry } from "@glovebox/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Skeleton } from "../base/skeleton.tsx";
import { wholePage } from "../data/whole-page.ts";
import { useShownRun } from "./run-context.ts";

interface PagePreviewProps {
  readonly html: string;
  readonly entry: ManifestEntry;
  readonly files: Manifest;
}

/**
 * A web page that the agent made, without its scripts. It is drawn in a frame that has an origin of its own, no cookies and no
 * network; the page's styles and images are put into it first.
 */
export function PagePreview({ html, entry, files }: PagePreviewProps) {
  const { run } = useShownRun();
  const page = useQuery({
    queryKey: ["page", run.id, entry.path],
    queryFn: () => wholePage(run.id, entry.path, html, files.manifest),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return page.data === undefined ? <Skeleton label="Drawing the page" /> : <Frame html={page.data} />;
}

function Frame({ html }: { html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    if (isReady) frame.current?.contentWindow?.postMessage({ html }, "*");
  }, [isReady, html]);
  return (
    <>
      <p className="preview__note faint">Scripts and the network are off in this preview.</p>
      <iframe
        ref={frame}
        className="preview__page"
        title="Preview of the page"
        src="/preview/"
        sandbox="allow-scripts"
        onLoad={() => setReady(true)}
      />
    </>
  );
}
