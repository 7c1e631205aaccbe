/**
 * A process's output travels as frames: one byte for the type, four for the payload's length (big endian), the payload.
 * `gap` carries the number of missed bytes in eight. `end` is the last: an output without it was broken off.
 */
export const outputFrame = { stdout: 1, stderr: 2, gap: 3, cut: 4, end: 5 } as const;

export const outputHeaderBytes = 5;

/** No frame's payload is longer. */
export const maxOutputPayloadBytes = 1024 * 1024;
