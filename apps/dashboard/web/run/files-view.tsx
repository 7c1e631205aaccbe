import { FolderOpen } from "lucide-react";
import { useSearchParams } from "wouter";
import { Empty } from "../base/empty.tsx";
import { QueryState } from "../base/query-state.tsx";
import { useManifest } from "../data/run-files.ts";
import { FilePreview } from "./file-preview.tsx";
import { FileTree } from "./file-tree.tsx";
import { useShownRun } from "./run-context.ts";

/** The files of the run and a preview of one. */
export function FilesView() {
  const { run } = useShownRun();
  const isEnded = run.state === "ended";
  const manifest = useManifest(run.id, isEnded);
  const [parameters, setParameters] = useSearchParams();
  const path = parameters.get("file");
  if (!isEnded) {
    return (
      <Empty icon={FolderOpen} title="Files come back at the end">
        <p>When the agent has finished, every file is collected, checked and listed here.</p>
      </Empty>
    );
  }
  return (
    <QueryState query={manifest}>
      {(files) => {
        if (files === null || files.manifest.length === 0) return <NoFiles />;
        const entry = files.manifest.find((one) => one.path === path);
        return (
          <div className="files" data-chosen={entry !== undefined}>
            <FileTree
              entries={files.manifest}
              selected={path}
              onSelect={(file) => setParameters({ tab: "files", file }, { replace: true })}
            />
            <FilePreview
              key={path}
              files={files}
              entry={entry}
              onClose={() => setParameters({ tab: "files" }, { replace: true })}
            />
          </div>
        );
      }}
    </QueryState>
  );
}

function NoFiles() {
  return (
    <Empty icon={FolderOpen} title="No files">
      <p>The run ended before files were collected, or it made none.</p>
    </Empty>
  );
}
