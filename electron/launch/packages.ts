/** The console's Debian packages, in Debian 12's names. */
export const DESKTOP_PACKAGES: readonly string[] = [
  'xvfb',
  'xauth',
  'dbus',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libxkbcommon0',
  'libxss1',
  'libnotify4',
  'libnotify-bin',
  'libsecret-1-0',
  'libcups2',
  'libatspi2.0-0',
  'fonts-dejavu-core',
];

/** Proxies, a database and a checker of alert rules for the tests. Each package starts a service of its name, which they do not need. */
export const TEST_SERVICES: readonly string[] = [
  'nginx',
  'caddy',
  'haproxy',
  'postgresql',
  'pgbouncer',
  'prometheus',
];

/** Parts of real desktops: a window manager, notification servers, a key store, and tools that press buttons in tests. */
const TEST_DESKTOP: readonly string[] = [
  'openbox',
  'dunst',
  'xfce4-notifyd',
  'notification-daemon',
  'gnome-keyring',
  'x11-utils',
  'xdotool',
];

/** The last ones are for the tests' own notification server. */
export const TEST_PACKAGES: readonly string[] = [
  ...TEST_SERVICES,
  ...TEST_DESKTOP,
  'python3-dbus',
  'python3-gi',
];
