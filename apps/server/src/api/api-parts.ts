import type { Store } from "@glovebox/store";
import type { Logger } from "pino";
import type { Access } from "../access/access.ts";
import type { AccessEnv } from "../access/principal.ts";
import type { Plugins } from "../plugins.ts";
import type { ServerSettings } from "../server-settings.ts";

/** What the API works on. */
export interface ApiParts {
  readonly settings: ServerSettings;
  readonly store: Store;
  readonly access: Access;
  readonly plugins: Plugins;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** The context of the API's handlers. */
export type ApiEnv = AccessEnv;
