import { useQuery } from "@tanstack/react-query";
import { api, dataOf, fetchBytes } from "./api.ts";
import { RequestError } from "./request-error.ts";

/** A run that has ended never changes its files. */
const forever = { staleTime: Number.POSITIVE_INFINITY } as const;

export function useManifest(runId: string, isEnabled: boolean) {
  return useQuery({
    ...forever,
    queryKey: ["manifest", runId],
    queryFn: () => absentIfNone(dataOf(api.GET("/v1/runs/{id}/manifest", { params: { path: { id: runId } } }))),
    enabled: isEnabled,
  });
}

/** The changes as a git patch; `null` when there are none. */
export function usePatch(runId: string, isEnabled: boolean) {
  return useQuery({
    ...forever,
    queryKey: ["patch", runId],
    queryFn: () => absentIfNone(fetchBytes(`/v1/runs/${runId}/patch`).then((response) => response.text())),
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
  return (await fetchBytes(fileAddress(runId, path))).blob();
}

export function fileAddress(runId: string, path: string): string {
  return `/v1/runs/${runId}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}

async function absentIfNone<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return null;
    throw error;
  }
}

/** What of a run can be downloaded as a whole. */
export function runDownloads(runId: string): readonly { readonly text: string; readonly href: string }[] {
  const base = `/v1/runs/${runId}`;
  return [
    { text: "Download files (.tar.gz)", href: `${base}/archive` },
    { text: "Download patch", href: `${base}/patch` },
    { text: "Download events (.ndjson)", href: `${base}/journal` },
  ];
}

/** Saves what is at an address of the API, with whatever proof the page has. */
export async function saveAs(address: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await (await fetchBytes(address)).blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
