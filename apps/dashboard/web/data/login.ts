import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { api, dataOf, setCsrf } from "./api.ts";

type Proof = { readonly code: string } | { readonly token: string };

/** Begins a session and goes where the user wanted to go. */
export function useLogin(returnTo: string) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (body: Proof) => dataOf(api.POST("/v1/session", { body })),
    onSuccess: async ({ csrf }) => {
      setCsrf(csrf);
      await client.resetQueries();
      navigate(returnTo, { replace: true });
    },
  });
}

/** Ends the session. */
export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => dataOf(api.DELETE("/v1/session")),
    onSuccess: () => {
      client.clear();
      location.assign("/login");
    },
  });
}

export function useLoginMethods() {
  return useQuery({
    queryKey: ["login methods"],
    queryFn: () => dataOf(api.GET("/v1/session/methods")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
