import type { Run, RunRequest } from "@glovebox/client";
import { type InfiniteData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { showToast } from "../base/toasts.tsx";
import type { RunFilter } from "../runs/run-filters.tsx";
import { api, dataOf } from "./api.ts";
import { mergeRuns } from "./merge-runs.ts";

const liveMs = 2_000;
const pageSize = 100;

type RunQuery = Partial<Record<"user" | "q" | "state" | "outcome" | "batch" | "cursor", string>>;

async function listRuns(query: RunQuery) {
  return dataOf(api.GET("/v1/runs", { params: { query: { ...query, limit: pageSize } as never } }));
}

function queryOf({ view, search, user }: RunFilter): RunQuery {
  return {
    ...(search === "" ? {} : { q: search }),
    ...(user === "" ? {} : { user }),
    ...(view === "running" || view === "queued" ? { state: view } : {}),
    ...(view === "succeeded" || view === "failed" ? { outcome: view } : {}),
  };
}

/** The runs that match, newest first. The newest page is asked for again and again; older ones once. */
export function useRuns(filter: RunFilter) {
  const query = queryOf(filter);
  const live = useQuery({ queryKey: ["runs", "live", query], queryFn: () => listRuns(query), refetchInterval: liveMs });
  const pages = useInfiniteQuery({
    queryKey: ["runs", "pages", query],
    queryFn: ({ pageParam }) => listRuns(pageParam === undefined ? query : { ...query, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const runs = useMemo(
    () => (live.data === undefined ? undefined : mergeRuns(live.data, olderRuns(pages.data))),
    [live.data, pages.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onMore = hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined;
  return { runs, error: live.error, onMore };
}

function olderRuns(data: InfiniteData<{ readonly runs: readonly Run[] }> | undefined): readonly Run[] {
  return data?.pages.flatMap(({ runs }) => runs) ?? [];
}

/** One run with its request; asked for again while it lives. */
export function useRun(id: string, isEnabled = true) {
  return useQuery({
    enabled: isEnabled,
    queryKey: ["run", id],
    queryFn: () => dataOf(api.GET("/v1/runs/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.state === "ended" ? false : liveMs),
  });
}

export function useStartRun(onDone: (run: Run) => void) {
  return useMutation({
    // The same attempt, sent again, starts nothing twice.
    mutationFn: ({ key, request }: { key: string; request: RunRequest }) =>
      dataOf(api.POST("/v1/runs", { body: request, params: { header: { "idempotency-key": key } } })),
    onSuccess: onDone,
  });
}

export function useStopRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { force: boolean }) =>
      dataOf(api.POST("/v1/runs/{id}/stop", { params: { path: { id } }, body })),
    onSuccess: (_, { force }) => {
      showToast(force ? "Ending the run now" : "Stopping the run and collecting its files");
      return client.invalidateQueries({ queryKey: ["run", id] });
    },
    onError: (error) => showToast(error.message, { isError: true }),
  });
}

export function useDeleteRun(id: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => dataOf(api.DELETE("/v1/runs/{id}", { params: { path: { id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["runs"] });
      onDone();
    },
  });
}

/** Resumes the run with a prompt, or forks it with several; tells which runs were started. */
export function useContinueRun(id: string, kind: "resume" | "fork", onDone: (runIds: readonly string[]) => void) {
  const params = { path: { id } };
  return useMutation({
    mutationFn: async (prompts: readonly string[]): Promise<readonly Run[]> => {
      if (kind === "resume") {
        return [await dataOf(api.POST("/v1/runs/{id}/resume", { params, body: { prompt: prompts[0] ?? "" } }))];
      }
      return (await dataOf(api.POST("/v1/runs/{id}/fork", { params, body: { prompts: [...prompts] } }))).runs;
    },
    onSuccess: (runs) => onDone(runs.map((run) => run.id)),
  });
}
