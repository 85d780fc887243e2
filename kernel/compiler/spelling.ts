/** Which name a misspelt one means. */

/**
 * The closest candidate; undefined if none is close. Letters in another case count little, another letter
 * counts twice.
 */
export function spelledLike(name: string, candidates: Iterable<string>): string | undefined {
  const longest = Math.max(2, Math.floor(name.length * 0.34));
  let least = Math.floor(name.length * 0.4) + 0.9;
  let best: string | undefined;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > longest) continue;
    if (candidate.length < 3 && candidate.toLowerCase() !== name.toLowerCase()) continue;
    const distance = edits(name, candidate);
    if (distance > least) continue;
    least = distance - 0.1;
    best = candidate;
  }
  return best;
}

function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, k) => k);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let k = 1; k <= to.length; k++) {
      const [a, b] = [from[i - 1] as string, to[k - 1] as string];
      const change = a === b ? 0 : a.toLowerCase() === b.toLowerCase() ? 0.1 : 2;
      const [replaced, removed, added] = [row[k - 1] as number, row[k] as number, next[k - 1] as number];
      next.push(Math.min(replaced + change, removed + 1, added + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
