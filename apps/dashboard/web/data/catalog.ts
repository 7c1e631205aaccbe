import type { RunRequest } from "@glovebox/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, dataOf } from "./api.ts";

export type ComponentChoice = NonNullable<RunRequest["components"]>[number];

const slowly = { staleTime: 60_000 } as const;

/** Where runs can happen, and the harnesses there. */
export function useProviders() {
  return useQuery({ ...slowly, queryKey: ["providers"], queryFn: () => dataOf(api.GET("/v1/providers")) });
}

export function useTemplates() {
  return useQuery({
    ...slowly,
    queryKey: ["templates"],
    queryFn: async () => (await dataOf(api.GET("/v1/templates"))).templates,
  });
}

export function useWorkers() {
  return useQuery({
    queryKey: ["workers"],
    queryFn: async () => (await dataOf(api.GET("/v1/workers"))).workers,
    refetchInterval: 5_000,
  });
}

/** The components that fit what is typed, best first. */
export function useComponents(search: string) {
  return useQuery({
    ...slowly,
    queryKey: ["components", search],
    queryFn: async () =>
      dataOf(
        api.GET("/v1/components", { params: { query: search === "" ? { limit: 30 } : { q: search, limit: 30 } } }),
      ),
    placeholderData: keepPreviousData,
  });
}
