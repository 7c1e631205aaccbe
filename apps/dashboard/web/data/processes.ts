import type { Processes } from "@glovebox/client";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { api, dataOf } from "./api.ts";

export interface Sample {
  readonly at: number;
  readonly processes: Processes;
}

const intervalMs = 2_000;
const mostSamples = 300;

/** What runs in the sandbox, measured while this is shown, with the samples before. */
export function useProcesses(runId: string): { readonly samples: readonly Sample[]; readonly error: Error | null } {
  const samples = useRef<Sample[]>([]);
  const query = useQuery({
    queryKey: ["processes", runId],
    queryFn: async () => {
      const processes = await dataOf(api.GET("/v1/runs/{id}/processes", { params: { path: { id: runId } } }));
      samples.current = [...samples.current, { at: Date.now(), processes }].slice(-mostSamples);
      return samples.current;
    },
    refetchInterval: intervalMs,
    gcTime: 0,
  });
  return { samples: query.data ?? [], error: query.error };
}
