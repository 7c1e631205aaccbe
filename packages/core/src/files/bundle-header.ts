import { open } from "node:fs/promises";
import { SandboxFileError } from "../errors/index.ts";

/** What a git bundle says of itself, before the pack that follows at `packOffset`. */
export interface BundleHeader {
  /** Commits that must be there already. */
  readonly prerequisites: readonly string[];
  readonly refs: readonly { readonly name: string; readonly commit: string }[];
  readonly packOffset: number;
}

const maxHeaderBytes = 1024 * 1024;
const commitId = "[0-9a-f]{40}|[0-9a-f]{64}";

/** Reads a bundle's header. `file` when it is none, or one that holds less than whole commits. */
export async function readBundleHeader(path: string): Promise<BundleHeader> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxHeaderBytes), 0, maxHeaderBytes, 0);
    const end = buffer.subarray(0, bytesRead).indexOf("\n\n");
    if (end < 0) throw new SandboxFileError("What came back is no git bundle");
    return { ...parse(buffer.toString("utf8", 0, end)), packOffset: end + 2 };
  } finally {
    await file.close();
  }
}

function parse(text: string): Omit<BundleHeader, "packOffset"> {
  const [signature, ...lines] = text.split("\n");
  if (signature !== "# v2 git bundle" && signature !== "# v3 git bundle") {
    throw new SandboxFileError("What came back is no git bundle");
  }
  const prerequisites: string[] = [];
  const refs: { name: string; commit: string }[] = [];
  for (const line of lines) {
    const required = new RegExp(`^-(${commitId})( |$)`).exec(line)?.[1];
    const [, commit, name] = new RegExp(`^(${commitId}) (HEAD|refs/heads/[^\\s\\0]+)$`).exec(line) ?? [];
    if (required !== undefined) prerequisites.push(required);
    else if (commit !== undefined && name !== undefined) refs.push({ name, commit });
    else if (!line.startsWith("@object-format="))
      throw new SandboxFileError("The git bundle holds what is not expected");
  }
  if (refs.length === 0) throw new SandboxFileError("The git bundle names no commit");
  return { prerequisites, refs };
}
