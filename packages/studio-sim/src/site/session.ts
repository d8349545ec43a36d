import { randomBytes } from 'node:crypto';

/** The cookies that make a session; HttpOnly where the real ones are. */
const SESSION_COOKIES = ['SID', 'HSID', 'SSID', '__Secure-1PSID', '__Secure-3PSID'] as const;
const SCRIPT_COOKIES = ['APISID', 'SAPISID', '__Secure-1PAPISID', '__Secure-3PAPISID'] as const;
/** Short-lived companions that replies renew (wire-format.md §2). */
const ROTATED_COOKIES = ['SIDCC', '__Secure-1PSIDCC', '__Secure-3PSIDCC'] as const;

const SHARED = 'Domain=.google.com; Path=/; Secure; SameSite=None; Max-Age=31536000';

/** `Set-Cookie` values of a fresh sign-in. */
export function sessionCookies(): string[] {
  return [
    ...SESSION_COOKIES.map((name) => `${name}=${token()}; ${SHARED}; HttpOnly`),
    ...SCRIPT_COOKIES.map((name) => `${name}=${token()}; ${SHARED}`),
    ...freshCompanions(),
  ];
}

/** Whether a `Cookie` header belongs to a signed-in browser. */
export function hasSession(cookie: string | undefined): boolean {
  return /(?:^|;\s*)SID=[^;]/.test(cookie ?? '');
}

/** `Set-Cookie` values that renew a session's short-lived cookies; none without a session. */
export function rotatedCookies(cookie: string | undefined): string[] {
  return hasSession(cookie) ? freshCompanions() : [];
}

function freshCompanions(): string[] {
  return ROTATED_COOKIES.map((name) => `${name}=${token()}; ${SHARED}; HttpOnly`);
}

function token(): string {
  return randomBytes(24).toString('base64url');
}
