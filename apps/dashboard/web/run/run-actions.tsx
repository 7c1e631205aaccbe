import { CirclePlay, Download, Ellipsis, GitFork, RotateCcw, Share2, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../base/button.tsx";
import { Menu, type MenuItem } from "../base/menu.tsx";
import { runDownloads } from "../data/run-files.ts";
import { useStopRun } from "../data/runs.ts";
import { ContinueDialog } from "./continue-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { useShownRun } from "./run-context.ts";
import { ShareDialog } from "./share-dialog.tsx";

type OpenDialog = "share" | "resume" | "fork" | "delete";

/** What a user may do with the run. */
export function RunActions() {
  const { run, isOwn } = useShownRun();
  const [dialog, setDialog] = useState<OpenDialog>();
  const [, navigate] = useLocation();
  const close = (): void => setDialog(undefined);
  const items: MenuItem[] = [
    { text: "Start again with changes", icon: <CirclePlay />, onSelect: () => navigate(`/new?from=${run.id}`) },
    ...(run.state === "ended" ? downloadItems(run.id) : []),
  ];
  if (isOwn && run.state === "ended") {
    items.push({ text: "Delete run", icon: <Trash2 />, isDanger: true, onSelect: () => setDialog("delete") });
  }
  return (
    <>
      {isOwn && run.state !== "ended" ? <StopButton /> : null}
      {isOwn && run.state === "ended" ? (
        <>
          <Button icon={<RotateCcw />} onClick={() => setDialog("resume")}>
            Resume
          </Button>
          <Button icon={<GitFork />} onClick={() => setDialog("fork")}>
            Fork
          </Button>
        </>
      ) : null}
      {isOwn ? (
        <Button icon={<Share2 />} onClick={() => setDialog("share")}>
          Share
        </Button>
      ) : null}
      <Menu label="More actions" icon={<Ellipsis />} items={items} />
      {dialog === "share" ? <ShareDialog runId={run.id} onClose={close} /> : null}
      {dialog === "resume" || dialog === "fork" ? <ContinueDialog run={run} kind={dialog} onClose={close} /> : null}
      {dialog === "delete" ? <DeleteDialog run={run} onClose={close} /> : null}
    </>
  );
}

function downloadItems(runId: string): MenuItem[] {
  return runDownloads(runId).map(({ text, href }) => ({ text, href, icon: <Download />, download: true }));
}

/** Stops the run and keeps its files; pressed again, it discards everything. */
function StopButton() {
  const { run } = useShownRun();
  const stop = useStopRun(run.id);
  const isAsked = stop.isPending || stop.isSuccess;
  return (
    <Button
      look="danger"
      icon={<Square />}
      onClick={() => stop.mutate({ force: isAsked })}
      title={isAsked ? "Discard everything and end now" : "Stop the agent and bring its files back"}
    >
      {isAsked ? "Stop now" : "Stop"}
    </Button>
  );
}
