const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "file exists",
  EISDIR: "is a directory",
  ELOOP: "too many levels of symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "file name too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EPERM: "operation not permitted",
  EPIPE: "broken pipe",
  EROFS: "read-only file system",
};

/** The code of a system call that failed, as `ENOENT`; empty for any other error. */
export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "";
}

/** The system's own message for an error, with the path where one is known. */
export function describeError(error: unknown): string {
  const { code = "", path, syscall, message } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined) return message;
  return path === undefined ? reason : `${syscall} ${path}: ${reason}`;
}
