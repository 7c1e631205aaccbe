/**
 * How well a search fits a component; `undefined` when it does not. Each word counts by the best place where it is: the
 * name itself, its beginning, the category, the text; last, by its letters in the name in their order: `fntdev`.
 */
export function matchRank(search: string, name: string, text = ""): number | undefined {
  const [whole, low] = [name.toLowerCase(), text.toLowerCase()];
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const ranks = words.map((word) => wordRank(word, whole, low));
  return ranks.includes(0) ? undefined : ranks.reduce((sum, rank) => sum + rank, 0);
}

function wordRank(word: string, name: string, text: string): number {
  const own = name.slice(name.lastIndexOf("/") + 1);
  if (own === word) return 7;
  if (own.startsWith(word)) return 6;
  if (own.includes(`-${word}`)) return 5;
  if (own.includes(word)) return 4;
  if (name.includes(word)) return 3;
  if (text.includes(word)) return 2;
  return hasInOrder(name, word) ? 1 : 0;
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
