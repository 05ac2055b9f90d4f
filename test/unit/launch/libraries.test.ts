import { describe, expect, it } from 'vitest';

import { aptLine, missingPackages, packageName, parseOsRelease } from '#electron/launch/debian';
import { describeMissing, missingFromLdd, packagesFor } from '#electron/launch/libraries';

const LDD = `	linux-vdso.so.1 (0x00007fff5a1f2000)
	libffmpeg.so => /opt/electron/libffmpeg.so (0x00007f0a1c000000)
	libnss3.so => not found
	libnssutil3.so => not found
	libgtk-3.so.0 => not found
	libgtk-3.so.0 => not found
	libasound.so.2 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0a1b000000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f0a2d000000)
`;
const DEBIAN_12 = parseOsRelease(
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
);
const UBUNTU_24 = parseOsRelease("ID=ubuntu\nID_LIKE=debian\nVERSION_ID='24.04'\n");
const FEDORA = parseOsRelease('ID=fedora\nVERSION_ID=42\n');

describe('missing libraries', () => {
  it('are read from the output of ldd, each once', () => {
    expect(missingFromLdd(LDD)).toEqual(['libnss3.so', 'libnssutil3.so', 'libgtk-3.so.0', 'libasound.so.2']);
    expect(missingFromLdd('\tnot a dynamic executable\n')).toEqual([]);
  });

  it('are mapped to the packages of the distribution', () => {
    const libraries = [...missingFromLdd(LDD), 'libodd.so.9'];
    expect(packagesFor(libraries, DEBIAN_12)).toEqual({
      packages: ['libasound2', 'libgtk-3-0', 'libnss3'],
      unknown: ['libodd.so.9'],
    });
    expect(packagesFor(libraries, UBUNTU_24).packages).toEqual(['libasound2t64', 'libgtk-3-0t64', 'libnss3']);
  });

  it('are told in one sentence with the line to run', () => {
    expect(describeMissing(['libnss3.so', 'libgtk-3.so.0'], DEBIAN_12, true)).toBe(
      'Electron needs the shared libraries libnss3.so, libgtk-3.so.0, which this system lacks: ' +
        'apt-get install -y --no-install-recommends libgtk-3-0 libnss3',
    );
    expect(describeMissing(['libnss3.so'], DEBIAN_12, false)).toContain(
      'the shared library libnss3.so, which this system lacks: sudo apt-get install',
    );
  });

  it('are told without apt where there is none, or where their package is not known', () => {
    for (const distribution of [FEDORA, undefined]) {
      expect(describeMissing(['libnss3.so'], distribution, true)).toMatch(/package manager\.$/);
    }
    expect(describeMissing(['libodd.so.9'], DEBIAN_12, true)).toMatch(/packages that hold libodd\.so\.9\.$/);
  });
});

describe('distributions', () => {
  it('are told apart by os-release', () => {
    expect(DEBIAN_12).toEqual({ hasApt: true, time64Names: false });
    expect(UBUNTU_24).toEqual({ hasApt: true, time64Names: true });
    expect(FEDORA).toEqual({ hasApt: false, time64Names: false });
    expect(parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="21"')).toEqual({
      hasApt: true,
      time64Names: false,
    });
    expect(parseOsRelease('ID=debian\n').time64Names).toBe(true);
    expect(parseOsRelease('ID=ubuntu\nVERSION_ID="22.04"').time64Names).toBe(false);
  });

  it('have their own names for some packages', () => {
    expect(packageName('libcups2', UBUNTU_24)).toBe('libcups2t64');
    expect(packageName('libdrm2', UBUNTU_24)).toBe('libdrm2');
  });
});

describe('missingPackages', () => {
  it('counts only what is wholly installed', () => {
    const output = 'ii  dbus\nrc  libnss3\nun  libgtk-3-0\nii  xvfb\n';
    expect(missingPackages(['xvfb', 'dbus', 'libnss3', 'libgtk-3-0', 'nginx'], output)).toEqual([
      'libnss3',
      'libgtk-3-0',
      'nginx',
    ]);
  });
});

describe('aptLine', () => {
  it('starts with sudo for ordinary people', () => {
    expect(aptLine(['a', 'b'], false)).toBe('sudo apt-get install -y --no-install-recommends a b');
  });
});
