import type { RunDetail } from "@glovebox/client";
import type { RunEvent } from "@glovebox/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { RunModel } from "../model/run-model.ts";
import { api } from "./api.ts";

/** The page may wait for hours for a server that is away. */
const outageMs = 24 * 3_600_000;

/** The run's events as they happen, summed up. Draws at most once per frame, however many events there are. */
export function useRunModel(run: RunDetail): { readonly model: RunModel; readonly version: number } {
  const model = useRef<RunModel>(undefined);
  model.current ??= new RunModel();
  const [version, setVersion] = useState(0);
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const draw = onceAFrame(() => setVersion(model.current?.version ?? 0));
    const follow = async (): Promise<void> => {
      const after = model.current?.lastSeq ?? 0;
      for await (const event of api.events(run.id, { after, outageMs, signal: stop.signal })) {
        // The API's document has the same schema; its types are generated from it.
        model.current?.push(event as RunEvent);
        draw();
      }
      await client.invalidateQueries({ queryKey: ["run", run.id] });
    };
    // The run's own query shows why a request is refused.
    follow().catch(() => {});
    return () => stop.abort();
  }, [run.id, client]);
  return { model: model.current, version };
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
