const USUAL_LENGTH = 80;
const MOST_BY_DEFAULT = 64;

/**
 * Cuts text into `pieces` pieces of about equal length, never inside a surrogate pair. Without a
 * number: pieces as long as real frames are, but not too many. Empty text has none.
 */
export function split(text: string, pieces = usualPieces(text)): string[] {
  const cuts = Array.from({ length: pieces + 1 }, (_, index) =>
    safeCut(text, Math.round((text.length * index) / pieces)),
  );
  return cuts
    .slice(1)
    .map((end, index) => text.slice(cuts[index], end))
    .filter((piece) => piece !== '');
}

function usualPieces(text: string): number {
  return Math.min(Math.max(1, Math.ceil(text.length / USUAL_LENGTH)), MOST_BY_DEFAULT);
}

function safeCut(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}
