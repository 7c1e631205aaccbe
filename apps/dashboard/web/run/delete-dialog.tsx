import type { Run } from "@glovebox/client";
import { useLocation } from "wouter";
import { Button } from "../base/button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { Notice } from "../base/notice.tsx";
import { useDeleteRun } from "../data/runs.ts";
import { runTitle } from "../runs/run-title.ts";

export function DeleteDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const [, navigate] = useLocation();
  const remove = useDeleteRun(run.id, () => navigate("/"));
  return (
    <Dialog title="Delete this run?" onClose={onClose}>
      <p>“{runTitle(run, 80)}” is deleted with its events and files. This cannot be undone.</p>
      {remove.error === null ? null : <Notice tone="red">{remove.error.message}</Notice>}
      <div className="dialog__foot">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
