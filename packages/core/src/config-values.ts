import { z } from 'zod';

/** `host:port=ip:port,…`: where to connect instead, as Chromium's host-resolver-rules would. */
export const resolveMap = z
  .string()
  .transform((text, context) => {
    const map: Record<string, string> = {};
    for (const pair of text.split(',').filter(Boolean)) {
      const [from, to] = pair.trim().split('=');
      if (!from || !to || !/:\d+$/.test(from) || !/:\d+$/.test(to)) {
        context.addIssue({ code: 'custom', message: `'${pair}' is not host:port=ip:port` });
        return z.NEVER;
      }
      map[from.toLowerCase()] = to;
    }
    return map;
  })
  .default({});

/** `ours=theirs,…` */
export const modelMap = z
  .string()
  .transform((text, context) => {
    const map: Record<string, string> = {};
    for (const pair of text.split(',').filter(Boolean)) {
      const [ours, theirs] = pair.split('=').map((name) => name.trim());
      if (!ours || !theirs) {
        context.addIssue({ code: 'custom', message: `'${pair}' is not model=model` });
        return z.NEVER;
      }
      map[ours] = theirs;
    }
    return map;
  })
  .default({});

/** Comma-separated, blanks dropped. */
export const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .default([]);

/** `phrase|phrase|…`, in small letters. */
export const phrases = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split('|')
      .map((phrase) => phrase.trim().toLowerCase())
      .filter(Boolean),
  );

/** Names of hosts, in small letters. */
export const hostNames = list.transform((given) => given.map((name) => name.toLowerCase()));

/** Origins as browsers send them: scheme, host and port in small letters, nothing behind. */
export const origins = list.transform((given) =>
  given.map((origin) =>
    /^https?:/i.test(origin) && URL.canParse(origin)
      ? new URL(origin).origin
      : origin.replace(/\/+$/, ''),
  ),
);

/** An address of a proxy; the message about a wrong one leaves it out, for it may hold a password. */
export const proxyUrl = z
  .string()
  .transform((text, context) => {
    const address = text.includes('://') ? text : `http://${text}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url && url.hostname !== '' && PROXY_PROTOCOLS.includes(url.protocol)) return url;
    const message = 'not http://, https:// or socks5://[user:password@]host:port';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .optional();
/** With socks5 as with socks5h the proxy resolves names. */
const PROXY_PROTOCOLS: readonly string[] = ['http:', 'https:', 'socks5:', 'socks5h:'];
