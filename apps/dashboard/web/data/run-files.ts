import { GloveboxApiError } from "@glovebox/client";
import { useQuery } from "@tanstack/react-query";
import { api, dataOf } from "./api.ts";

/** A run that has ended never changes its files. */
const forever = { staleTime: Number.POSITIVE_INFINITY } as const;

export function useManifest(runId: string, isEnabled: boolean) {
  return useQuery({
    ...forever,
    queryKey: ["manifest", runId],
    queryFn: () => nullIfNone(dataOf(api.GET("/v1/runs/{id}/manifest", { params: { path: { id: runId } } }))),
    enabled: isEnabled,
  });
}

/** The changes as a git patch; `null` when there are none. */
export function usePatch(runId: string, isEnabled: boolean) {
  const params = { path: { id: runId } };
  return useQuery({
    ...forever,
    queryKey: ["patch", runId],
    queryFn: (): Promise<string | null> =>
      nullIfNone(dataOf(api.GET("/v1/runs/{id}/patch", { params, parseAs: "text" }))),
    enabled: isEnabled,
  });
}

/** The bytes of one file. */
export function useFile(runId: string, path: string) {
  return useQuery({
    ...forever,
    queryKey: ["file", runId, path],
    queryFn: () => fetchFile(runId, path),
    gcTime: 30_000,
  });
}

export async function fetchFile(runId: string, path: string): Promise<Blob> {
  return dataOf(api.GET("/v1/runs/{id}/files/{path}", { params: { path: { id: runId, path } }, parseAs: "blob" }));
}

async function nullIfNone<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (GloveboxApiError.isInstance(error) && error.status === 404) return null;
    throw error;
  }
}

/** What of a run can be downloaded as a whole. */
export function runDownloads(runId: string): readonly { readonly text: string; readonly href: string }[] {
  const base = `/v1/runs/${encodeURIComponent(runId)}`;
  return [
    { text: "Download files (.tar.gz)", href: `${base}/archive` },
    { text: "Download patch", href: `${base}/patch` },
    { text: "Download events (.ndjson)", href: `${base}/journal` },
  ];
}

/** Saves one file, also where a link alone would not be authenticated. */
export async function saveFile(runId: string, path: string): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(runId, path));
  const link = document.createElement("a");
  link.href = url;
  link.download = path.slice(path.lastIndexOf("/") + 1);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
