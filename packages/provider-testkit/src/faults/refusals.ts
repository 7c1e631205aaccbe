/** What a vendor says when it does not do a call. */
export const refusals = {
  "rate-limited": {
    status: 429,
    headers: { "content-type": "application/json", "retry-after": "1" },
    body: '{"message":"too many requests"}',
  },
  "server-error": {
    status: 500,
    headers: { "content-type": "application/json" },
    body: '{"message":"out of order"}',
  },
} as const;
