import { useQuery } from "@tanstack/react-query";
import { api, dataOf } from "./api.ts";

export type CostKey = "day" | "user" | "model" | "harness";

const dayMs = 86_400_000;

/** What runs have cost in the last days, by day, user, model or harness. */
export function useCost(by: CostKey, days: number) {
  return useQuery({
    queryKey: ["cost", by, days],
    queryFn: () => {
      const from = new Date(Date.now() - days * dayMs).toISOString();
      return dataOf(api.GET("/v1/cost", { params: { query: { by, from } } }));
    },
  });
}
