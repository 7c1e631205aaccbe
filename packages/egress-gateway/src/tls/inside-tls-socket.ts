import { TLSSocket } from "node:tls";

/**
 * The server's end of TLS on a stream that is no socket of the system's. Node ends the process when it has something of its
 * own to send, as an alert, while an empty write is on its way through such a stream: no empty write gets there. HTTP makes
 * one at the end of an answer.
 */
export class InsideTlsSocket extends TLSSocket {
  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (chunk.length === 0) done();
    else super._write(chunk, encoding, done);
  }

  override _writev(
    chunks: { chunk: Buffer | string; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    if (chunks.every(({ chunk }) => chunk.length === 0)) done();
    else super._writev?.(chunks, done);
  }
}
