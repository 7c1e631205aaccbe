import { ApiError } from "./api-error.ts";

/** Throws unless the request carries the Worker's key. A Worker without a key rejects every request. */
export async function authorize(request: Request, key: string | undefined): Promise<void> {
  if (!key) {
    throw new ApiError("unavailable", "This Worker has no API key and rejects all requests.", {
      hint: "Set one: `wrangler secret put GLOVEBOX_API_KEY`.",
    });
  }
  const presented = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  // timingSafeEqual requires equal lengths, which digests have.
  const [actual, expected] = await Promise.all([digest(presented), digest(key)]);
  if (crypto.subtle.timingSafeEqual(actual, expected)) return;
  throw new ApiError("authentication", "The API key is missing or wrong.", {
    hint: "Send the Worker's GLOVEBOX_API_KEY: `Authorization: Bearer …`.",
  });
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
