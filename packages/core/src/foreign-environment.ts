/** What a desktop program needs to know of the session and the system it runs in. */
const NAMES = new Set(
  [
    ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'],
    ['DISPLAY', 'XAUTHORITY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'DESKTOP_SESSION'],
    ['LD_LIBRARY_PATH', 'FONTCONFIG_FILE', 'FONTCONFIG_PATH'],
    ['TEMP', 'TMP', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE'],
    ['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'],
  ].flat(),
);
const FAMILIES = /^(LC|XDG|GTK|SNAP|CHROME|LIBGL|MESA|VK)_/;

/**
 * Our environment as far as a program of somebody else's needs it: where things are, which screen and
 * which language. None of our settings, so no key, password or address of Redis, nor anyone else's.
 */
export function foreignEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const isKept = NAMES.has(name.toUpperCase()) || FAMILIES.test(name);
    if (isKept && value !== undefined) kept[name] = value;
  }
  return kept;
}
