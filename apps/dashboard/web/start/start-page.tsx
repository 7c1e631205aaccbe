import { Play } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { Button } from "../base/button.tsx";
import { Notice } from "../base/notice.tsx";
import { useRun, useStartRun } from "../data/runs.ts";
import { Page } from "../shell/page.tsx";
import { ComponentPicker } from "./component-picker.tsx";
import { type Draft, draftOf, emptyDraft } from "./draft.ts";
import { LimitFields } from "./limit-fields.tsx";
import { NetworkFields } from "./network-fields.tsx";
import { newKey } from "./new-key.ts";
import { PlaceFields } from "./place-fields.tsx";
import { PromptFields } from "./prompt-fields.tsx";
import { requestOf } from "./request-of.ts";
import { WorkspaceFields } from "./workspace-fields.tsx";

export interface DraftProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** The form that starts a run. Only the prompt is needed. */
export function StartPage() {
  const [draft, setDraft] = useState(emptyDraft);
  const problem = useEarlierRun(setDraft);
  const [, navigate] = useLocation();
  const [key, setKey] = useState(newKey);
  const start = useStartRun((run) => navigate(`/runs/${run.id}`));
  const onChange = (change: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...change }));
    setKey(newKey());
  };
  const isReady = (draft.prompt.trim() !== "" || draft.isInteractive) && !start.isPending;
  const submit = (): void => {
    if (isReady) start.mutate({ key, request: requestOf(draft) });
  };
  return (
    <Page title="New run" about="An agent works on your prompt in a sandbox of its own. Only the prompt is required.">
      <form
        className="start narrow"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
        }}
      >
        {problem === undefined ? null : <Notice tone="amber">{problem}</Notice>}
        <PromptFields draft={draft} onChange={onChange} />
        <WorkspaceFields draft={draft} onChange={onChange} />
        <PlaceFields draft={draft} onChange={onChange} />
        <ComponentPicker draft={draft} onChange={onChange} />
        <NetworkFields draft={draft} onChange={onChange} />
        <LimitFields draft={draft} onChange={onChange} />
        <footer className="start__foot">
          {start.error === null ? null : <Notice tone="red">{start.error.message}</Notice>}
          <div className="row">
            <Button type="submit" look="primary" icon={<Play />} disabled={!isReady}>
              Start run
            </Button>
            <span className="faint">
              or press <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </span>
          </div>
        </footer>
      </form>
    </Page>
  );
}

/** Fills the form from the run that is to be started again. */
function useEarlierRun(setDraft: (draft: Draft) => void): string | undefined {
  const [parameters] = useSearchParams();
  const from = parameters.get("from");
  const earlier = useRun(from ?? "", from !== null);
  const request = earlier.data?.request;
  useEffect(() => {
    if (request !== undefined) setDraft(draftOf(request));
  }, [request, setDraft]);
  if (request?.workspace === undefined || !("upload" in request.workspace)) return undefined;
  return "The earlier run began with an uploaded workspace. Upload it again to use it.";
}
