/** An idempotency key, one for each request that differs: a button that is pressed twice starts one run. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");
}
