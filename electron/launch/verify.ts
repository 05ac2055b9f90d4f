import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { LaunchProblem } from './launch-problem.ts';

/** The digest that a file must have. */
export interface Pin {
  readonly algorithm: 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  readonly digest: string;
}

/**
 * Checks a file's digest before anything is made of its content.
 * @throws LaunchProblem where the file is not the one that was pinned.
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
