/** Throws, saying how to do without, when this machine has no screen to show a window on. */
export function requireDisplay(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  instead: string,
): void {
  const needsServer = platform !== 'win32' && platform !== 'darwin';
  if (!needsServer || environment['DISPLAY'] || environment['WAYLAND_DISPLAY']) return;
  throw new Error(`There is no display to show a browser window on. ${instead}`);
}
