import { gatewayRefusal, withoutRouteAddress } from "@glovebox/core/harness";

const maxLength = 64 * 1024;

/**
 * Rewrites a message for a reader outside the sandbox: replaces the model's address, which exists only inside, and tells a
 * refusal by Glovebox's gateway from one by the API. At most 64 Ki characters.
 */
export function ownWords(text: string): string {
  const said = text.slice(0, maxLength).replace(/^(?:[A-Z][\w ]{0,40}: )?glovebox: /, `${gatewayRefusal}: `);
  return withoutRouteAddress(said);
}
