import { ApiError } from "./api-error.ts";

/** Lets a request with the Worker's key pass. Without a key of its own the Worker serves nobody. */
export async function authorize(request: Request, key: string | undefined): Promise<void> {
  if (!key) {
    throw new ApiError("unavailable", "This Worker has no key, so it serves nobody.", {
      hint: "Set one: `wrangler secret put GLOVEBOX_API_KEY`.",
    });
  }
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  // Digests have one length, whatever was given.
  const [theirs, ours] = await Promise.all([digest(given), digest(key)]);
  if (crypto.subtle.timingSafeEqual(theirs, ours)) return;
  throw new ApiError("authentication", "The API key is missing or wrong.", {
    hint: "Send the Worker's GLOVEBOX_API_KEY: `Authorization: Bearer …`.",
  });
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
