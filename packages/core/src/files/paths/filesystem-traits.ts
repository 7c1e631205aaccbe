import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";

/** What a disk takes for the same name. */
export interface FilesystemTraits {
  readonly caseInsensitive: boolean;
  /** Whether composed and decomposed characters are the same. */
  readonly normalizationInsensitive: boolean;
}

/** Finds out by making a directory with a name of every sort, looking for it under other spellings, and removing it. */
export function probeFilesystem(directory: string): FilesystemTraits {
  const tag = randomBytes(6).toString("hex");
  const name = `.glovebox-probe-${tag}-\u00e9`;
  mkdirSync(join(directory, name));
  const found = (other: string) => lstatSync(join(directory, other), { throwIfNoEntry: false }) !== undefined;
  try {
    return {
      caseInsensitive: found(`.GLOVEBOX-PROBE-${tag.toUpperCase()}-\u00e9`) || found(`.GLOVEBOX-PROBE-${tag}-\u00e9`),
      normalizationInsensitive: found(name.normalize("NFD")),
    };
  } finally {
    rmdirSync(join(directory, name));
  }
}

/** Paths with the same key are one place on such a disk. */
export function pathKey(path: string, traits: FilesystemTraits): string {
  let key = path;
  if (traits.normalizationInsensitive) key = key.normalize("NFD");
  if (traits.caseInsensitive) key = key.toUpperCase().toLowerCase();
  if (traits.normalizationInsensitive && traits.caseInsensitive) key = key.normalize("NFD");
  return key;
}
