/**
 * What Playwright switches off, as of its version 1.65: a second `--disable-features` replaces the
 * first, so ours repeats its list. A test compares it with what Playwright passes.
 */
const FEATURES_OFF_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/** Features of Chromium that ask Google's services about the page that is open. */
const FEATURES_THAT_ASK_GOOGLE = [
  'AutofillServerCommunication', // sends the shape of every form
  'Translate',
];

/** Command line switches that keep Chromium from making requests that no page asked for. */
export const QUIET_SWITCHES: readonly string[] = [
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--no-pings',
  `--disable-features=${[...FEATURES_OFF_BY_PLAYWRIGHT, ...FEATURES_THAT_ASK_GOOGLE].join(',')}`,
];
