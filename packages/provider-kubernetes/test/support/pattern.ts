const lineBytes = 16;

/** A program whose output is known: lines that are numbered, in blocks with a pause before each. */
export interface Pattern {
  /** Four characters that every line begins with. */
  readonly mark: string;
  readonly blocks: number;
  readonly linesPerBlock: number;
  readonly pauseSeconds: number;
  readonly exitCode: number;
}

/** The command that writes the pattern and ends with its exit code. */
export function patternCommand(pattern: Pattern): readonly [string, ...string[]] {
  const { mark, blocks, linesPerBlock, pauseSeconds, exitCode } = pattern;
  const block = `seq -f '${mark} %010.0f' $((i * ${linesPerBlock})) $((i * ${linesPerBlock} + ${linesPerBlock - 1}))`;
  const loop = `i=0; while [ $i -lt ${blocks} ]; do sleep ${pauseSeconds}; ${block}; i=$((i + 1)); done`;
  return ["/bin/sh", "-c", `${loop}; exit ${exitCode}`];
}

export function patternBytes({ blocks, linesPerBlock }: Pattern): number {
  return blocks * linesPerBlock * lineBytes;
}

/** What the pattern has at an offset. */
export function patternSlice({ mark }: Pattern, offset: number, length: number): Buffer {
  const first = Math.floor(offset / lineBytes);
  const last = Math.ceil((offset + length) / lineBytes);
  const lines = Array.from({ length: last - first }, (_, at) => `${mark} ${String(first + at).padStart(10, "0")}\n`);
  const from = offset - first * lineBytes;
  return Buffer.from(lines.join(""), "latin1").subarray(from, from + length);
}
