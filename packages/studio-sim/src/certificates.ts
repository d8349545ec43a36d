import { createHash, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';

import forge from 'node-forge';

/** A throw-away authority and one certificate it signed, all PEM. */
export interface Certificates {
  readonly ca: string;
  readonly key: string;
  /** The leaf, then the CA, so that a client may pin the CA's key. */
  readonly chain: string;
  /** SHA-256 of the CA's public key, base64: what `--ignore-certificate-errors-spki-list` takes. */
  readonly caSpki: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a new authority and a certificate for these host names (and loopback), good for a year. */
export async function createCertificates(hosts: readonly string[]): Promise<Certificates> {
  const [authority, leaf] = await Promise.all([rsaKeyPair(), rsaKeyPair()]);
  const caName = [{ name: 'commonName', value: 'AI Studio simulator CA' }];
  const ca = sign(authority.publicKey, caName, caName, authority.privateKey, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const leafName = [{ name: 'commonName', value: hosts[0] ?? 'localhost' }];
  const certificate = sign(leaf.publicKey, leafName, caName, authority.privateKey, [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        ...[...hosts, 'localhost'].map((value) => ({ type: 2, value })),
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ]);
  const spki = new X509Certificate(ca).publicKey.export({ type: 'spki', format: 'der' });
  return {
    ca,
    key: leaf.privateKey,
    chain: certificate + ca,
    caSpki: createHash('sha256').update(spki).digest('base64'),
  };
}

/** Node makes the keys: forge would take seconds. */
async function rsaKeyPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function sign(
  publicKey: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  signingKey: string,
  extensions: object[],
): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + 365 * DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(forge.pki.privateKeyFromPem(signingKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}
