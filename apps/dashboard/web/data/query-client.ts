import { GloveboxApiError } from "@glovebox/client";
import { QueryClient } from "@tanstack/react-query";

const attempts = 3;

/** The cache of what the server has answered. A request that was refused is not sent again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (count, error) => count < attempts && !(GloveboxApiError.isInstance(error) && error.status < 500),
    },
  },
});
