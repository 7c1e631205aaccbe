const blockBytes = 64 * 1024;
const pooledBlocks = 128;

/** A piece of memory of an output log. It is used again: nothing outside of the log may hold on to its bytes. */
export interface OutputBlock {
  readonly memory: Buffer;
  used: number;
  /** How many entries of the log lie in it. */
  entries: number;
}

const pool: OutputBlock[] = [];

/** Short outputs, which are most, get a small block that is not used again. */
export function takeBlock(bytesSoFar: number): OutputBlock {
  const size = bytesSoFar < blockBytes ? Math.max(4096, Math.min(blockBytes, bytesSoFar)) : blockBytes;
  const pooled = size === blockBytes ? pool.pop() : undefined;
  return pooled ?? { memory: Buffer.allocUnsafeSlow(size), used: 0, entries: 0 };
}

export function giveBlock(block: OutputBlock): void {
  if (block.memory.length < blockBytes || pool.length >= pooledBlocks) return;
  block.used = 0;
  block.entries = 0;
  pool.push(block);
}
