/** How both ends of a door set their WebSocket up. What it carries is HTTP/2, whose frames are smaller than a mebibyte. */
export const doorOptions = {
  perMessageDeflate: false,
  skipUTF8Validation: true,
  maxPayload: 4 * 1024 * 1024,
} as const;
