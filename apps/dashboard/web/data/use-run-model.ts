import type { RunDetail, RunEvent } from "@glovebox/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { RunModel } from "../model/run-model.ts";
import { fetchBytes } from "./api.ts";
import { linesOf } from "./lines-of.ts";

const retryMs = 1_500;

/** The run's events as they happen, summed up. Draws at most once per frame, however many events there are. */
export function useRunModel(run: RunDetail) {
  const model = useRef<RunModel>(undefined);
  model.current ??= new RunModel();
  const [version, setVersion] = useState(0);
  const [isBroken, setBroken] = useState(false);
  const client = useQueryClient();
  const isQueued = run.state === "queued";
  useEffect(() => {
    if (isQueued) return;
    const stop = new AbortController();
    const draw = onceAFrame(() => setVersion(model.current?.version ?? 0));
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted && model.current?.end === undefined) {
        const isComplete = await readEvents(run.id, model.current as RunModel, draw, stop.signal, setBroken);
        if (isComplete) break;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
      draw();
      if (!stop.signal.aborted) await client.invalidateQueries({ queryKey: ["run", run.id] });
    };
    void follow();
    return () => stop.abort();
  }, [run.id, isQueued, client]);
  return { model: model.current, version, isBroken };
}

/** Reads to the end of the stream; false when it broke and may be resumed where it was. */
async function readEvents(
  runId: string,
  model: RunModel,
  draw: () => void,
  signal: AbortSignal,
  setBroken: (isBroken: boolean) => void,
): Promise<boolean> {
  try {
    const path = `/v1/runs/${runId}/events?follow=true&after=${model.lastSeq}`;
    const response = await fetchBytes(path, { signal, headers: { accept: "application/x-ndjson" } });
    setBroken(false);
    for await (const line of linesOf(response)) {
      model.push(JSON.parse(line) as RunEvent as never);
      draw();
    }
    return true;
  } catch {
    if (!signal.aborted) setBroken(true);
    return signal.aborted;
  }
}

function onceAFrame(draw: () => void): () => void {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      draw();
    });
  };
}
