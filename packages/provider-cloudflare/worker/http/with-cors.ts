/** Adds CORS headers for origins in `origins`, and answers their preflight requests. */
export async function withCors(
  request: Request,
  origins: readonly string[],
  serve: () => Promise<Response>,
): Promise<Response> {
  const origin = request.headers.get("origin");
  if (origin === null || !origins.includes(origin)) return serve();
  const isPreflight = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
  const response = isPreflight ? new Response(null, { status: 204 }) : await serve();
  if (response.webSocket) return response;
  const readable = new Response(response.body, response);
  readable.headers.set("access-control-allow-origin", origin);
  readable.headers.append("vary", "origin");
  if (isPreflight) {
    readable.headers.set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    readable.headers.set("access-control-allow-headers", "authorization, content-type");
  }
  return readable;
}
