/** How many bytes of text make a token. */
const bytesPerToken = 4;
/** The most tokens that a model reads. */
const largestContext = 1_050_000;
/** More than what an API adds for tools, for each kind of tool that it describes itself, and for a form of the answer. */
const addedTokens = 1000;

export interface InputParts {
  /** The whole request, in bytes. */
  readonly bytes: number;
  /** How long each image is that the request itself holds, as base64. */
  readonly imageBytes: readonly number[];
  /** The most tokens that the API counts for an image. */
  readonly imageTokens: number;
  /** Things that the API describes to the model itself. */
  readonly added: number;
  /** Whether its bytes do not tell how long the input is. */
  readonly isUnbounded: boolean;
}

/** What the input of a request weighs, and the most tokens that it can be. */
export function inputWeight({ bytes, imageBytes, imageTokens, added, isUnbounded }: InputParts) {
  const imageWeight = imageTokens * bytesPerToken;
  const imageExcess = imageBytes.reduce((sum, one) => sum + Math.max(0, one - imageWeight), 0);
  const allImages = imageBytes.reduce((sum, one) => sum + one, 0);
  const text = bytes - allImages + imageBytes.length * imageTokens + added * addedTokens;
  return {
    weight: bytes - imageExcess,
    mostInputTokens: isUnbounded ? largestContext : Math.min(text, largestContext),
  };
}
