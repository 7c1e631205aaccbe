/** Sends a request to a path of the server, with the client's authentication. */
export type SendRequest = (path: string, init?: RequestInit) => Promise<Response>;
