import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { LaunchProblem } from './launch-problem.ts';

export interface Pin {
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
