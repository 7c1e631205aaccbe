import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "./api.ts";
import type { Role } from "./me.ts";

export function useTokens() {
  return useQuery({ queryKey: ["tokens"], queryFn: async () => (await dataOf(api.GET("/v1/tokens"))).tokens });
}

export interface NewToken {
  readonly name: string;
  readonly role?: Role;
  readonly expiresInMs?: number;
  readonly userId?: string;
}

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => dataOf(api.POST("/v1/tokens", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => dataOf(api.DELETE("/v1/tokens/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
}
