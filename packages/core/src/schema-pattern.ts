/** What Python, PCRE and RE2 write differently from JavaScript, where it means the same. */
const TRANSLATIONS: readonly (readonly [RegExp, string])[] = [
  [/\(\?P<(\w+)>/g, '(?<$1>'],
  [/\(\?P=(\w+)\)/g, '\\k<$1>'],
  [/(?<!\\)((?:\\\\)*)\\A/g, '$1^'],
  [/(?<!\\)((?:\\\\)*)\\[Zz]/g, '$1$'],
  // Escapes that are superfluous, which JavaScript forbids in Unicode patterns.
  [/(?<!\\)((?:\\\\)*)\\([ !"#%&',:;<=>@_`~])/g, '$1$2'],
];

/**
 * A schema's pattern in JavaScript's own words; undefined for one that JavaScript cannot check, such
 * as those with flags inside, atomic groups or possessive quantifiers.
 */
export function toCheckablePattern(pattern: string): string | undefined {
  const translated = TRANSLATIONS.reduce(
    (text, [mark, replacement]) => text.replace(mark, replacement),
    pattern,
  );
  return [translated, pattern].find(isCheckable);
}

function isCheckable(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
