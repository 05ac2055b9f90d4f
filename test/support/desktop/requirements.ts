import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The parts of a Linux system that a test on a real desktop needs. */
export type LinuxParts = { readonly ok: true } | { readonly ok: false; readonly missing: string[] };

/** Further programs that some tests need. */
export type Program =
  'nginx' | 'notify-send' | 'openbox' | 'dunst' | 'gnome-keyring-daemon' | 'xdotool' | 'xwininfo';

const PACKAGE_OF: Readonly<Record<Program, string>> = {
  nginx: 'nginx',
  'notify-send': 'libnotify-bin',
  openbox: 'openbox',
  dunst: 'dunst',
  'gnome-keyring-daemon': 'gnome-keyring',
  xdotool: 'xdotool',
  xwininfo: 'x11-utils',
};

/**
 * Looks for the parts of the test desktop, and for the given programs. For `describe.skipIf(!linuxParts().ok)`; the
 * terminal names missing parts, so that nobody takes a skipped test for one that passed.
 */
export function linuxParts(...programs: readonly Program[]): LinuxParts {
  const missing = process.platform === 'linux' ? missingOnLinux(programs) : ['a Linux system'];
  if (missing.length === 0) return { ok: true };
  console.warn(`Tests that need ${missing.join(', ')} are SKIPPED.`);
  return { ok: false, missing };
}

function missingOnLinux(programs: readonly Program[]): string[] {
  const missing: string[] = [];
  if (!isProgram('Xvfb')) missing.push('xvfb');
  if (!isProgram('dbus-daemon')) missing.push('dbus');
  if (spawnSync('/usr/bin/python3', ['-c', 'import dbus, gi']).status !== 0) {
    missing.push('python3-dbus', 'python3-gi');
  }
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  if (libraries.status === 0 && !libraries.stdout.includes('libnotify.so.4')) missing.push('libnotify4');
  for (const program of programs) if (!isProgram(program)) missing.push(PACKAGE_OF[program]);
  return missing;
}

function isProgram(name: string): boolean {
  // The path of an ordinary account lacks the folders of servers.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, name)));
}
