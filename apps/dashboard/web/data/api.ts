import type { paths } from "@glovebox/client";
import createClient from "openapi-fetch";
import { RequestError } from "./request-error.ts";

/** What the page proves itself with: a session's cookie and its token against forged requests, or a share link. */
const proof: { csrf?: string; link?: string } = {};

/** Sets the token that requests which change something need. */
export function setCsrf(csrf: string | undefined): void {
  if (csrf !== undefined) proof.csrf = csrf;
}

/** From here on every request shows this link instead of the user's session. */
export function showLink(link: string): void {
  proof.link = link;
}

/** Whether requests need more than the cookie, so that an address alone fetches nothing. */
export function isLinkUsed(): boolean {
  return proof.link !== undefined;
}

/** The headers of a request that the typed client does not send. */
export function proofHeaders(): Record<string, string> {
  if (proof.link !== undefined) return { authorization: `Bearer ${proof.link}` };
  return proof.csrf === undefined ? {} : { "x-csrf-token": proof.csrf };
}

/** The typed client of the API, on the page's own origin. */
export const api = createClient<paths>({ baseUrl: location.origin });
api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(proofHeaders())) request.headers.set(name, value);
    return request;
  },
});

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of a successful answer; throws a {@link RequestError} for every other. */
export async function dataOf<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await reached(answer);
  if (response.ok) return data as Data;
  throw errorOf(response, error);
}

/** The response of a request for bytes. */
export async function fetchBytes(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await reached(fetch(path, { ...init, headers: { ...proofHeaders(), ...init.headers } }));
  if (response.ok) return response;
  throw errorOf(response, await response.json().catch(() => undefined));
}

async function reached<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RequestError(0, "unavailable", "The server cannot be reached");
  }
}

function errorOf(response: Response, body: unknown): RequestError {
  const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
  return new RequestError(response.status, code ?? "internal", detail ?? `The server answered ${response.status}`);
}
