import type { Batch, BatchRequest } from "@glovebox/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { showToast } from "../base/toasts.tsx";
import { api, dataOf } from "./api.ts";

const liveMs = 3_000;

export function useBatches() {
  return useQuery({
    queryKey: ["batches"],
    queryFn: async () => (await dataOf(api.GET("/v1/batches", { params: { query: { limit: 200 } } }))).batches,
    refetchInterval: liveMs,
  });
}

export function useBatch(id: string) {
  return useQuery({
    queryKey: ["batch", id],
    queryFn: () => dataOf(api.GET("/v1/batches/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.state === "ended" ? false : liveMs),
  });
}

/** What the rows have come to; asked for again while some run. */
export function useBatchReport(id: string) {
  return useQuery({
    queryKey: ["batch report", id],
    queryFn: () => dataOf(api.GET("/v1/batches/{id}/report", { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.isComplete === true ? false : liveMs),
  });
}

export function useStartBatch(onDone: (batch: Batch) => void) {
  return useMutation({
    mutationFn: ({ key, request }: { key: string; request: BatchRequest }) =>
      dataOf(api.POST("/v1/batches", { body: request, params: { header: { "idempotency-key": key } } })),
    onSuccess: onDone,
  });
}

export function useStopBatch(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => dataOf(api.POST("/v1/batches/{id}/stop", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["batch", id] }),
    onError: (error) => showToast(error.message, { isError: true }),
  });
}
