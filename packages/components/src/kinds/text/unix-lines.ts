const shellName = /\.(sh|bash|zsh)$/;

/**
 * A script as Linux starts it: with Windows line ends, `#!/bin/bash\r` names no program, and a shell stops at `then\r`.
 * Every other file stays as it is.
 */
export function unixLines(path: string, bytes: Uint8Array): Uint8Array {
  const isScript = (bytes[0] === 0x23 && bytes[1] === 0x21) || shellName.test(path);
  if (!isScript || !bytes.includes(0x0d) || bytes.includes(0)) return bytes;
  return Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}
