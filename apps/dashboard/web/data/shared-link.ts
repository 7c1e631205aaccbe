import { useQuery } from "@tanstack/react-query";
import { api, dataOf, showLink } from "./api.ts";

export interface SharedLink {
  readonly runId: string;
  readonly expiresAt: string;
}

/** The link that this page was opened with: it stands behind `#`, which browsers send to nobody. */
export function useSharedLink() {
  return useQuery({ queryKey: ["shared link"], queryFn: readLink, staleTime: Number.POSITIVE_INFINITY });
}

async function readLink(): Promise<SharedLink> {
  showLink(location.hash.slice(1));
  const { link } = await dataOf(api.GET("/v1/me"));
  if (link === undefined) throw new Error("This link does not work");
  return link;
}
