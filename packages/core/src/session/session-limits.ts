/** The most that a session file may hold. A larger one is refused, in whatever way it is large. */
export const sessionLimits = {
  /** Of the file as it is, compressed. */
  fileBytes: 1024 ** 3,
  manifestBytes: 32 * 1024 ** 2,
  conversationBytes: 256 * 1024 ** 2,
  conversationFiles: 10_000,
  /** Of all files of the workspace together. */
  workspaceBytes: 2 * 1024 ** 3,
  workspaceFiles: 100_000,
} as const;
