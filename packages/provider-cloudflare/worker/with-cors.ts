/** Lets the pages of some sites call the Worker. Without one of them in `origins` nothing is added, and no browser reads an answer. */
export async function withCors(
  request: Request,
  origins: readonly string[],
  serve: () => Promise<Response>,
): Promise<Response> {
  const origin = request.headers.get("origin");
  if (origin === null || !origins.includes(origin)) return serve();
  const isQuestion = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
  const answer = isQuestion ? new Response(null, { status: 204 }) : await serve();
  if (answer.webSocket) return answer;
  const readable = new Response(answer.body, answer);
  readable.headers.set("access-control-allow-origin", origin);
  readable.headers.append("vary", "origin");
  if (isQuestion) {
    readable.headers.set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    readable.headers.set("access-control-allow-headers", "authorization, content-type");
  }
  return readable;
}
