/** What a source may hold. Past `fileBytes` one file is left out; past the others the source is refused. */
export const treeLimits = {
  fileBytes: 16 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  files: 100_000,
  /** Of an archive, unpacked, with what is read over. */
  archiveBytes: 4 * 1024 * 1024 * 1024,
  pathBytes: 1024,
} as const;
