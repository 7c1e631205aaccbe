import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "./api.ts";

const hourMs = 3_600_000;

export function useLinks(runId: string) {
  return useQuery({
    queryKey: ["links", runId],
    queryFn: async () => (await dataOf(api.GET("/v1/runs/{id}/links", { params: { path: { id: runId } } }))).links,
  });
}

export function useCreateLink(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (hours: number) =>
      dataOf(
        api.POST("/v1/runs/{id}/links", { params: { path: { id: runId } }, body: { expiresInMs: hours * hourMs } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["links", runId] }),
  });
}

export function useRevokeLink(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (linkId: string) =>
      dataOf(api.DELETE("/v1/runs/{id}/links/{linkId}", { params: { path: { id: runId, linkId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["links", runId] }),
  });
}
