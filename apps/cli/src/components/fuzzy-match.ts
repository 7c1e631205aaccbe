/** Whether every word of a search is in the text, or its letters are in the name in their order: `fntdev`. */
export function fuzzyMatch(search: string, name: string, text = ""): boolean {
  const [low, all] = [name.toLowerCase(), `${name} ${text}`.toLowerCase()];
  const words = search.toLowerCase().split(/\s+/);
  return words.every((word) => all.includes(word) || hasInOrder(low, word));
}

function hasInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    const found = text.indexOf(letter, at);
    if (found < 0) return false;
    at = found + letter.length;
  }
  return true;
}
