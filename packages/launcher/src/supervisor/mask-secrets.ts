/** What our keys, Google's keys and credentials in an address or a header look like. */
const SECRETS: readonly RegExp[] = [
  /(?<=\bsk-)[\w-]{8,}/g,
  /(?<=\bAIza)[\w-]{20,}/g,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
  /(?<=\b(?:Bearer|Basic|SAPISIDHASH) )[^\s'",]+/gi,
  /(?<=\b(?:set-)?cookie: ?['"]?)[^'"\s][^'"\n]*/gi,
];

/** The line with `***` in the place of everything that looks like a secret. */
export function maskSecrets(line: string): string {
  return SECRETS.reduce((masked, secret) => masked.replace(secret, '***'), line);
}
