import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommand, USAGE } from '#service/command';

describe('the arguments of the service', () => {
  it('may be none: it serves', () => {
    expect(readCommand([])).toEqual({ name: 'serve' });
  });

  it.each(['backup', 'restore'] as const)('may be %s and a file', (name) => {
    expect(readCommand([name, 'copy.backup'])).toEqual({ name, file: resolve('copy.backup') });
  });

  it.each(['--help', '-h'])('may ask for help: %s', (word) => {
    expect(readCommand(['backup', word])).toEqual({ name: 'help' });
  });

  it.each([
    { words: ['--port=80'], sentence: "Unknown option '--port'." },
    { words: ['backup', 'a', '-x'], sentence: "Unknown option '-x'." },
    { words: ['--help=yes'], sentence: "Option '-h, --help' does not take an argument." },
    { words: ['dump'], sentence: 'There is no command "dump".' },
    { words: ['backup'], sentence: 'backup: the file is missing.' },
    { words: ['restore', 'a', 'b'], sentence: 'restore: there is one argument too many, "b".' },
    { words: ['serve', 'a'], sentence: 'serve: there is one argument too many, "a".' },
  ])('are refused with a sentence and the usage: $words', ({ words, sentence }) => {
    expect(() => readCommand(words)).toThrow(`${sentence}\n${USAGE}`);
  });
});
