/** An open file of an SFTP session. */
export interface SftpFile {
  readonly path: string;
  /** At most `length` bytes; `undefined` at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array | undefined>;
  write(offset: number, bytes: Uint8Array): Promise<void>;
  /** Resolves when everything that was written is in place. */
  close(): Promise<void>;
}
