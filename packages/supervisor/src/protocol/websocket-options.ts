/** WebSocket options of both ends. The messages carry HTTP/2, whose frames are smaller than a mebibyte. */
export const webSocketOptions = {
  perMessageDeflate: false,
  skipUTF8Validation: true,
  maxPayload: 4 * 1024 * 1024,
} as const;
