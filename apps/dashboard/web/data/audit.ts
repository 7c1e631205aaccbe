import { useInfiniteQuery } from "@tanstack/react-query";
import { api, dataOf } from "./api.ts";

/** The audit log, newest first, page by page. */
export function useAudit(action: string) {
  return useInfiniteQuery({
    queryKey: ["audit", action],
    queryFn: ({ pageParam }) =>
      dataOf(
        api.GET("/v1/audit", {
          params: {
            query: {
              limit: 100,
              ...(action === "" ? {} : { action }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}
