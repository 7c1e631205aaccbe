import { sandboxUser } from "@glovebox/core/provider";

/** What Gemini CLI has as its home: of its own, so that no login of the image is used. */
export const geminiHome = `${sandboxUser.home}/.glovebox/gemini`;
