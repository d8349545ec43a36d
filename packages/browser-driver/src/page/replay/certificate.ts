import { createHash, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';

import forge from 'node-forge';

/** A certificate that signs itself, for one run. PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
  /** SHA-256 of its public key, base64: what the browser is told to trust. */
  readonly spki: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a certificate for these hosts that is good for a day. Its key is never written anywhere. */
export function createCertificate(hosts: readonly string[]): Certificate {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  made.serialNumber = `01${randomBytes(15).toString('hex')}`;
  made.validity.notBefore = new Date(Date.now() - DAY_MS);
  made.validity.notAfter = new Date(Date.now() + DAY_MS);
  const name = [{ name: 'commonName', value: 'Replay of a recording' }];
  made.setSubject(name);
  made.setIssuer(name);
  made.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) },
  ]);
  made.sign(forge.pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  const certificate = forge.pki.certificateToPem(made).replaceAll('\r\n', '\n');
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return {
    key: keys.privateKey,
    certificate,
    spki: createHash('sha256').update(spki).digest('base64'),
  };
}
