import { type ApiResponse, createClient, type GloveboxClient, unwrap } from "@glovebox/client";

let csrfToken: string | undefined;

/** The typed client of the API on the page's own origin. The session's cookie proves who asks. */
export let api: GloveboxClient = createClient({ url: location.origin, csrf: () => csrfToken });

/** Sets the token that requests which change something need beside the cookie. */
export function setCsrf(token: string | undefined): void {
  csrfToken = token ?? csrfToken;
}

/** From here on every request shows this share link instead of the session's cookie. */
export function showLink(link: string): void {
  api = createClient({ url: location.origin, token: link });
}

/** The data of a successful answer. Throws an error whose message is for the user. */
export async function dataOf<Data>(call: Promise<ApiResponse<Data>>): Promise<Data> {
  try {
    return await unwrap(await call);
  } catch (error) {
    // What `fetch` throws, in the browser's own words.
    if (error instanceof TypeError) throw new Error("The server cannot be reached", { cause: error });
    throw error;
  }
}
