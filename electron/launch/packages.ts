/** What the console needs from Debian, under Debian 12's names. */
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

/** Real proxies and a real database for the tests. Each package has a service of its own name, which they do not need. */
export const TEST_SERVICES: readonly string[] = ['nginx', 'caddy', 'haproxy', 'postgresql'];

/**
 * Parts of real desktops: a window manager, notification servers, a key store, and what asks and presses there for the tests.
 */
const TEST_DESKTOP: readonly string[] = [
  'openbox',
  'dunst',
  'xfce4-notifyd',
  'notification-daemon',
  'gnome-keyring',
  'x11-utils',
  'xdotool',
];

/** What only the tests need: those, and the parts of a notification server of their own. */
export const TEST_PACKAGES: readonly string[] = [
  ...TEST_SERVICES,
  ...TEST_DESKTOP,
  'python3-dbus',
  'python3-gi',
];
