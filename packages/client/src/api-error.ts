import type { Problem } from "./models.ts";

const marker = Symbol.for("glovebox.GloveboxApiError");

/** What is known of an error beside its message. */
export interface ApiErrorOptions {
  readonly status: number;
  readonly code: Problem["code"];
  readonly requestId?: string | undefined;
  readonly problem?: Problem | undefined;
}

/** A request that the server has refused, or could not serve. */
export class GloveboxApiError extends Error {
  override readonly name = "GloveboxApiError";
  /** The status of the response. */
  readonly status: number;
  /** What went wrong, as a stable word: the codes of docs/errors.md and those of HTTP. */
  readonly code: Problem["code"];
  /** The id of the request, as in the server's log. Absent if the response did not come from a Glovebox server. */
  readonly requestId: string | undefined;
  /** The whole body of the response. Absent if it was not a problem document. */
  readonly problem: Problem | undefined;
  readonly [marker] = true;

  constructor(message: string, { status, code, requestId, problem }: ApiErrorOptions) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.problem = problem;
  }

  /** Whether `value` is an error of this class, also when another copy of the package made it. */
  static isInstance(value: unknown): value is GloveboxApiError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }

  /** The error for a response that is no success. Reads its body. */
  static async of(response: Response): Promise<GloveboxApiError> {
    const body: unknown = await response.json().catch(() => undefined);
    return GloveboxApiError.ofBody(body, response);
  }

  /** The error for a response whose body was read already. */
  static ofBody(body: unknown, { status }: Response): GloveboxApiError {
    if (!isProblem(body)) {
      const message = `The server answered with status ${status}`;
      return new GloveboxApiError(message, { status, code: codeOf(status) });
    }
    const { code, detail, requestId } = body;
    return new GloveboxApiError(detail, { status, code, requestId, problem: body });
  }
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== "object" || body === null) return false;
  const { code, detail } = body as Partial<Record<keyof Problem, unknown>>;
  return typeof code === "string" && typeof detail === "string";
}

/** For responses of proxies, which have no code. */
function codeOf(status: number): Problem["code"] {
  if (status === 401) return "authentication";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 429) return "rate-limited";
  return status >= 500 ? "unavailable" : "invalid-options";
}
