import { SandboxNotFoundError, SandboxUnavailableError } from "@glovebox/core/provider";
import { unpackTar } from "../tree/unpack-tar.ts";
import { download } from "./download.ts";
import type { Fetched } from "./fetched.ts";
import { placeWithin } from "./place-within.ts";
import type { SourceContext } from "./source-context.ts";
import type { SourceSpec } from "./source-spec.ts";
import { writeTree } from "./write-tree.ts";

const hosts = { web: "https://github.com", archives: "https://codeload.github.com" };
const commitPattern = /^[0-9a-f]{40}$/;
const maxRefBytes = 32 * 1024 * 1024;

/**
 * Fetches a GitHub repository at `commit`, or where its ref points to, as the archive that GitHub makes of a commit.
 * Neither git nor GitHub's API (60 calls an hour without an account) is needed.
 */
export async function fetchGithub(
  spec: SourceSpec,
  commit: string | undefined,
  treesDir: string,
  context: SourceContext,
): Promise<Fetched> {
  const { web, archives } = context.github ?? hosts;
  const revision = commit ?? (await resolveRef(`${web}/${spec.location}.git`, spec, context));
  const archive = await download(`${archives}/${spec.location}/tar.gz/${revision}`, context);
  const tree = await writeTree(treesDir, (writer) =>
    unpackTar(archive, writer, { gzip: true, place: placeWithin(spec.path, 1), signal: context.signal }),
  );
  return { revision, tree };
}

/** The commit of a branch or tag, as git's own smart HTTP protocol lists them. */
async function resolveRef(url: string, spec: SourceSpec, context: SourceContext): Promise<string> {
  const wanted = spec.ref ?? "HEAD";
  if (commitPattern.test(wanted)) return wanted;
  const refs = parseRefs(await readText(await download(`${url}/info/refs?service=git-upload-pack`, context)));
  const names = [`refs/tags/${wanted}^{}`, `refs/tags/${wanted}`, `refs/heads/${wanted}`, wanted];
  const commit = names.map((name) => refs.get(name)).find((found) => found !== undefined);
  if (commit === undefined)
    throw new SandboxNotFoundError(`${spec.location} has no branch or tag ${JSON.stringify(wanted)}`);
  return commit;
}

/** Packets of four hexadecimal digits of length, then `COMMIT NAME`, the first with a NUL and capabilities behind. */
function parseRefs(text: string): Map<string, string> {
  const refs = new Map<string, string>();
  let at = 0;
  while (at + 4 <= text.length) {
    const length = Number.parseInt(text.slice(at, at + 4), 16);
    if (Number.isNaN(length)) throw new SandboxUnavailableError("GitHub's list of branches cannot be read");
    const line = text.slice(at + 4, at + Math.max(length, 4));
    const [, commit, name] = /^([0-9a-f]{40}) ([^\0\n]+)/.exec(line) ?? [];
    if (commit !== undefined && name !== undefined) refs.set(name, commit);
    at += Math.max(length, 4);
  }
  return refs;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxRefBytes) throw new SandboxUnavailableError("GitHub's list of branches is too long");
    chunks.push(chunk);
  }
  // As bytes: the lengths in it count bytes, and names need not be UTF-8.
  return Buffer.concat(chunks).toString("latin1");
}
