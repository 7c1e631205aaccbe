import { QueryClient } from "@tanstack/react-query";
import { RequestError } from "./request-error.ts";

const attempts = 3;

/** The cache of what the server has answered. An answer that says no is not asked for again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (count, error) =>
        count < attempts && !(error instanceof RequestError && error.status >= 400 && error.status < 500),
    },
  },
});
