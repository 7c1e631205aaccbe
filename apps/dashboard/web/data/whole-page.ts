import type { ManifestEntry } from "@glovebox/client";
import { fetchFile } from "./run-files.ts";

/** What a page refers to, and how many of it are put in. */
const mostFiles = 60;
const largestFile = 3_000_000;

/** The page as one document: its stylesheets and images, where they are files of the same run, become part of it. */
export async function wholePage(
  runId: string,
  path: string,
  html: string,
  manifest: readonly ManifestEntry[],
): Promise<string> {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const script of page.querySelectorAll("script")) script.remove();
  const files = new Map(manifest.filter(isSmallFile).map((entry) => [entry.path, entry]));
  const fileAt = (address: string | null): string | undefined => {
    const target = address === null ? undefined : resolve(path, address);
    return target !== undefined && files.has(target) ? target : undefined;
  };
  const elements = [...page.querySelectorAll("link[rel~=stylesheet][href], img[src]")].slice(0, mostFiles);
  await Promise.all(
    elements.map(async (element) => {
      const file = fileAt(element.getAttribute("href") ?? element.getAttribute("src"));
      if (file === undefined) return;
      const blob = await fetchFile(runId, file);
      if (element.tagName === "IMG") element.setAttribute("src", await dataUrl(blob, file));
      else await putStyle(element, blob, page);
    }),
  );
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

function isSmallFile({ kind, size, change }: ManifestEntry): boolean {
  return kind === "file" && change !== "deleted" && (size ?? 0) <= largestFile;
}

/** The path in the workspace that an address in a file means; `undefined` when it leads elsewhere. */
function resolve(from: string, address: string): string | undefined {
  const base = new URL(`https://workspace.invalid/${from}`);
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  return url?.origin === base.origin ? decodeURIComponent(url.pathname.slice(1)) : undefined;
}

async function putStyle(link: Element, blob: Blob, page: Document): Promise<void> {
  const style = page.createElement("style");
  style.textContent = await blob.text();
  link.replaceWith(style);
}

async function dataUrl(blob: Blob, path: string): Promise<string> {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const typed = new Blob([blob], { type: extension === "svg" ? "image/svg+xml" : `image/${extension}` });
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(typed);
  });
}
