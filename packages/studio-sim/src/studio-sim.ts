import { writeFile } from 'node:fs/promises';

import { createScriptStore } from './answer/scripts.ts';
import { createCertificates } from './certificates.ts';
import { listenControl } from './control/control-server.ts';
import { DEFAULT_OPTIONS } from './control/options.ts';
import { createRequestLog } from './control/request-log.ts';
import { createSwitches } from './control/switches.ts';
import { createDriftReport } from './drift/report.ts';
import { HOSTS } from './hosts.ts';
import { replyToPreflight } from './http/cors.ts';
import { type Exchange, reply } from './http/exchange.ts';
import { listenHttps } from './http/https-server.ts';
import { createDrive } from './rpc/drive.ts';
import { createInteractionStore } from './rpc/interaction-store.ts';
import { type SimState } from './rpc/rpc-call.ts';
import { serveRpc } from './rpc/rpc-host.ts';
import { serveAccounts } from './site/accounts-host.ts';
import { createLivePages } from './site/live.ts';
import { bundlePage } from './site/page-bundle.ts';
import { servePage } from './site/page-host.ts';
import { type TimingName } from './timing.ts';

/** How a simulator is started. */
export interface StudioSimOptions {
  /** HTTPS port; 0: any free one. Default 0. */
  readonly port?: number;
  /** Where the HTTPS port listens. Default 127.0.0.1. */
  readonly host?: string;
  /** Port of the control API, always on loopback; 0: any free one. Default 0. */
  readonly controlPort?: number;
  /** The page's own delays. Default typical. */
  readonly timing?: TimingName;
  /** Decides the page's random delays, from 1. Default: another one each time. */
  readonly seed?: number | undefined;
  /** Whether a browser must sign in first. Default false: everyone is let in. */
  readonly requireSignIn?: boolean;
  /** Seed of random changes to the page; 0, the default: none. */
  readonly drift?: number;
  /** Where to write the CA's certificate (PEM) for those who are to trust it. */
  readonly caFile?: string | undefined;
  /** Told of failures that are the simulator's own fault. */
  readonly onError?: (error: unknown) => void;
}

/** A running simulator. */
export interface StudioSim extends AsyncDisposable {
  /** HTTPS port. */
  readonly port: number;
  readonly controlPort: number;
  /** The CA's certificate, PEM. */
  readonly ca: string;
  /** SHA-256 of the CA's public key, base64, for Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly caSpki: string;
  /** The host names it answers for. */
  readonly hosts: readonly string[];
  /** What decides the page's random delays. */
  readonly seed: number;
}

const MOST_SEEDS = 1_000_000;

/** Starts a simulator of AI Studio in this process. */
export async function createStudioSim(options: StudioSimOptions = {}): Promise<StudioSim> {
  const hosts = Object.values(HOSTS);
  const certificates = await createCertificates(hosts);
  if (options.caFile) await writeFile(options.caFile, certificates.ca);

  const seed = options.seed ?? 1 + Math.floor(Math.random() * MOST_SEEDS);
  const switches = createSwitches({
    ...DEFAULT_OPTIONS,
    seed,
    timing: options.timing ?? DEFAULT_OPTIONS.timing,
    drift: options.drift ?? DEFAULT_OPTIONS.drift,
    requireSignIn: options.requireSignIn ?? DEFAULT_OPTIONS.requireSignIn,
  });
  const sim: SimState = {
    switches,
    scripts: createScriptStore(),
    log: createRequestLog(),
    drive: createDrive(),
    drift: createDriftReport(),
    interactions: createInteractionStore(),
    account: { enterKeyBehavior: 0 },
  };
  const live = createLivePages(switches);
  const bundle = bundlePage();

  const serve = async (exchange: Exchange): Promise<void> => {
    switch (exchange.host) {
      case HOSTS.page:
        return servePage(exchange, sim, live, bundle);
      case HOSTS.rpc:
        return serveRpc(exchange, sim);
      case HOSTS.accounts:
        return serveAccounts(exchange, sim);
      case HOSTS.attestation:
        if (exchange.request.method === 'OPTIONS') return replyToPreflight(exchange);
        return reply(exchange, 200, '[]');
      default:
        return reply(exchange, 404, 'The simulator does not play this host.');
    }
  };
  const where = { port: options.port ?? 0, host: options.host ?? '127.0.0.1' };
  const https = await listenHttps(certificates, where, serve, options.onError ?? (() => {}));
  const control = await listenControl(options.controlPort ?? 0, sim, live, https.port).catch(
    async (error: unknown) => {
      await https[Symbol.asyncDispose]();
      throw error;
    },
  );

  return {
    port: https.port,
    controlPort: control.port,
    ca: certificates.ca,
    caSpki: certificates.caSpki,
    hosts,
    seed,
    async [Symbol.asyncDispose]() {
      live.close();
      await control[Symbol.asyncDispose]();
      await https[Symbol.asyncDispose]();
    },
  };
}
