import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { SandboxFileError } from "../../errors/index.ts";

/** What a git bundle reports about itself, before the pack that follows at `packOffset`. */
export interface BundleHeader {
  /** Commits that must be there already. */
  readonly prerequisites: readonly string[];
  readonly refs: readonly { readonly name: string; readonly commit: string }[];
  readonly packOffset: number;
}

/** Room for as many references as are gathered, each with the longest path. */
const maxHeaderBytes = 32 * 1024 * 1024;
const pieceBytes = 256 * 1024;
const commitId = "[0-9a-f]{40}|[0-9a-f]{64}";

/** Reads a bundle's header. `file` when it is not one, or one that holds less than whole commits. */
export async function readBundleHeader(path: string): Promise<BundleHeader> {
  const file = await open(path);
  try {
    const text = await readHeaderText(file);
    return { ...parse(text), packOffset: text.length + 2 };
  } finally {
    await file.close();
  }
}

/** Every character is one byte. */
async function readHeaderText(file: FileHandle): Promise<string> {
  for (let text = ""; text.length < maxHeaderBytes; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, text.length);
    const searched = Math.max(0, text.length - 1);
    text += buffer.toString("latin1", 0, bytesRead);
    const end = text.indexOf("\n\n", searched);
    if (end >= 0) return text.slice(0, end);
    if (bytesRead === 0) break;
  }
  throw new SandboxFileError("The file that came back is not a git bundle");
}

function parse(text: string): Omit<BundleHeader, "packOffset"> {
  const [signature, ...lines] = text.split("\n");
  if (signature !== "# v2 git bundle" && signature !== "# v3 git bundle") {
    throw new SandboxFileError("The file that came back is not a git bundle");
  }
  const prerequisites: string[] = [];
  const refs: { name: string; commit: string }[] = [];
  for (const line of lines) {
    const required = new RegExp(`^-(${commitId})( |$)`).exec(line)?.[1];
    const [, commit, name] = new RegExp(`^(${commitId}) (HEAD|refs/[^\\0- \\x7f]+)$`).exec(line) ?? [];
    if (required !== undefined) prerequisites.push(required);
    else if (commit !== undefined && name !== undefined) refs.push({ name: readName(name), commit });
    else if (!line.startsWith("@object-format="))
      throw new SandboxFileError("The git bundle holds what is not expected");
  }
  if (refs.length === 0) throw new SandboxFileError("The git bundle names no commit");
  return { prerequisites, refs };
}

/** A name that is not UTF-8 is written with percent signs, so that two of them stay two. */
function readName(latin1: string): string {
  const bytes = Buffer.from(latin1, "latin1");
  if (isUtf8(bytes)) return bytes.toString();
  return latin1.replace(/[^\0-\x7f]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}
