import {
  type AccountRequest,
  type Authorization,
  InvalidOptionsError,
  type ModelAccount,
  SandboxAuthenticationError,
  Secret,
} from "@glovebox/core/provider";
import type { HostVariables } from "../host-variables.ts";

const scope = "https://www.googleapis.com/auth/cloud-platform";

/** Where Claude runs on Vertex AI: the project that pays, and the location. */
export interface VertexPlace {
  readonly projectId: string;
  readonly region: string;
}

/** Reads the place as Claude Code does. Throws `invalid-options` where the project is missing or a name is invalid. */
export function vertexPlace(env: HostVariables): VertexPlace {
  const projectId = env.ANTHROPIC_VERTEX_PROJECT_ID?.trim() ?? "";
  const region = env.CLOUD_ML_REGION?.trim() || "us-east5";
  if (!/^[a-z0-9][a-z0-9.:-]{0,62}$/.test(projectId)) {
    throw new InvalidOptionsError("Google Vertex AI needs the project that pays", {
      hint: "Set ANTHROPIC_VERTEX_PROJECT_ID to its id.",
    });
  }
  if (!/^[a-z0-9-]{2,40}$/.test(region)) {
    throw new InvalidOptionsError("CLOUD_ML_REGION is not the name of a location", {
      hint: "Set one such as us-east5 or global.",
    });
  }
  return { projectId, region };
}

/** The address of Vertex AI in a location. */
export function vertexUpstream({ region }: VertexPlace): string {
  if (region === "global") return "https://aiplatform.googleapis.com/v1";
  // A multi-region has another form of address than a region.
  if (region === "us" || region === "eu") return `https://aiplatform.${region}.rep.googleapis.com/v1`;
  return `https://${region}-aiplatform.googleapis.com/v1`;
}

/** A token of the host's own, in the form that Google's library gives one. */
type TokenSource = () => Promise<string | null | undefined>;

/**
 * Returns an account for Google Vertex AI: each request gets an access token of the host's Application Default Credentials, which
 * Google's own library renews. Only requests to the place's project are authenticated. Does no I/O.
 */
export function vertexAccount(place: VertexPlace, { token }: { readonly token?: TokenSource } = {}): ModelAccount {
  return new VertexAccount(place, token);
}

class VertexAccount implements ModelAccount {
  readonly name = "Google Vertex AI";
  readonly wholeBody = false;
  readonly #place: VertexPlace;
  #token: TokenSource | undefined;

  constructor(place: VertexPlace, token: TokenSource | undefined) {
    this.#place = place;
    this.#token = token;
  }

  async authorize({ url, rejected }: AccountRequest): Promise<Authorization | undefined> {
    if (rejected !== undefined) return undefined;
    const { projectId } = this.#place;
    if (!url.pathname.includes(`/projects/${projectId}/locations/`)) {
      throw new InvalidOptionsError(`Only the project ${projectId} may be used`);
    }
    const token = await this.#findToken();
    return {
      headers: { authorization: `Bearer ${token}` },
      secrets: [new Secret("the access token of Google Cloud", token)],
    };
  }

  async #findToken(): Promise<string> {
    try {
      this.#token ??= await applicationDefault();
      const token = await this.#token();
      if (token) return token;
    } catch {
      // What the library reports may quote the file of a key.
    }
    throw new SandboxAuthenticationError("No credentials for Google Vertex AI were found on this host", {
      hint: "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS.",
    });
  }
}

async function applicationDefault(): Promise<TokenSource> {
  const { GoogleAuth } = await import("google-auth-library");
  const auth = new GoogleAuth({ scopes: scope });
  return () => auth.getAccessToken();
}
