import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, types } from 'node:util';

import { StudioError } from '@aistudio/core';
import forge from 'node-forge';

const CA_FILE = 'ca.pem';
const LEAF_KEY_FILE = 'leaf-key.pem';
const CA_YEARS = 10;
const LEAF_DAYS = 365;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a TLS server needs to answer for one host, as PEM; `cert` has the CA at its end. */
export interface HostCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Our certificate authority and the one key that all its certificates are for. */
export interface Certificates {
  /** Base64 SHA-256 of the leaf key's SubjectPublicKeyInfo: what Chromium pins. */
  readonly spki: string;
  /** The authority's own certificate, PEM. */
  readonly ca: string;
  /** A fresh certificate for this host name. */
  forHost(host: string): HostCertificate;
}

/**
 * Opens the authority kept in `directory`; makes it at first start (files 0600, directory 0700).
 * Throws `not_ready`, naming the file to delete, when what is there cannot be used.
 */
export async function openCertificates(directory: string): Promise<Certificates> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700).catch(() => undefined); // not ours: the files have a mode of their own
  const authorityFile = join(directory, CA_FILE);
  const leafKeyFile = join(directory, LEAF_KEY_FILE);
  const authorityPem = await readOrMake(authorityFile, makeAuthority);
  const leafKey = await readOrMake(leafKeyFile, generateKey);
  const authority = usable(authorityFile, () => parseAuthority(authorityPem));
  const publicKey = usable(leafKeyFile, () => createPublicKey(createPrivateKey(leafKey)));
  const leafPublicKey = forge.pki.publicKeyFromPem(toPem(publicKey));
  return {
    spki: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
    ca: authority.pem,
    forHost: (host) => ({
      key: leafKey,
      cert: signLeaf(host, leafPublicKey, authority) + authority.pem,
    }),
  };
}

interface Authority {
  readonly pem: string;
  readonly certificate: forge.pki.Certificate;
  readonly key: forge.pki.rsa.PrivateKey;
}

async function readOrMake(file: string, make: () => Promise<string>): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!(types.isNativeError(error) && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const pem = await make();
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, pem, { mode: 0o600 });
  await rename(unfinished, file);
  return pem;
}

function usable<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    const reason = types.isNativeError(cause) ? cause.message : String(cause);
    const message = `${file} cannot be used (${reason}). Delete it: the next start makes a new one.`;
    throw new StudioError('not_ready', message, { cause });
  }
}

/** Node makes keys much faster than forge's own arithmetic does. */
async function generateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey;
}

/** Key and certificate in one file, so that neither can be there without the other. */
async function makeAuthority(): Promise<string> {
  const keyPem = await generateKey();
  const certificate = newCertificate(CA_YEARS * 365);
  certificate.publicKey = forge.pki.publicKeyFromPem(toPem(createPublicKey(keyPem)));
  const name = [{ shortName: 'CN', value: 'AI Studio Proxy API (this machine only)' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(keyPem), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate) + keyPem;
}

function parseAuthority(file: string): Authority {
  const x509 = new X509Certificate(file);
  if (!x509.checkPrivateKey(createPrivateKey(file))) {
    throw new Error('its key is not that of its certificate');
  }
  if (Date.parse(x509.validTo) < Date.now() + LEAF_DAYS * DAY_MS) {
    throw new Error(`it is valid only until ${x509.validTo}`);
  }
  const certificate = forge.pki.certificateFromPem(x509.toString());
  return { pem: x509.toString(), certificate, key: forge.pki.privateKeyFromPem(keyPartOf(file)) };
}

function signLeaf(host: string, publicKey: forge.pki.PublicKey, authority: Authority): string {
  const certificate = newCertificate(LEAF_DAYS);
  certificate.publicKey = publicKey;
  certificate.setSubject([{ shortName: 'CN', value: host }]);
  certificate.setIssuer(authority.certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: host }] }, // 2: DNS name
  ]);
  certificate.sign(authority.key, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** A certificate that began to be valid yesterday: clocks differ. */
function newCertificate(days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = newSerialNumber();
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + days * DAY_MS);
  return certificate;
}

/** A positive number without padding, as DER wants it: OpenSSL refuses a zero byte in front. Hex. */
export const newSerialNumber = (): string => `01${randomBytes(15).toString('hex')}`;

const toPem = (key: ReturnType<typeof createPublicKey>): string =>
  key.export({ type: 'spki', format: 'pem' }).toString();

const keyPartOf = (file: string): string =>
  createPrivateKey(file).export({ type: 'pkcs8', format: 'pem' }).toString();
