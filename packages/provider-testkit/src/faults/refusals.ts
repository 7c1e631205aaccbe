/** What a vendor says when it does not do a call. */
export const refusals = {
  "rate-limited": {
    status: 429,
    headers: { "content-type": "application/json", "retry-after": "1" },
    body: '{"message":"too many requests"}',
  },
  unauthorized: {
    status: 401,
    headers: { "content-type": "application/json" },
    body: '{"message":"these credentials are not valid"}',
  },
  "server-error": {
    status: 500,
    headers: { "content-type": "application/json" },
    body: '{"message":"out of order"}',
  },
} as const;

export type Refusal = keyof typeof refusals;

export function isRefusal(fault: string | undefined): fault is Refusal {
  return fault !== undefined && fault in refusals;
}
