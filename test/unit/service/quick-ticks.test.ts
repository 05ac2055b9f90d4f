import { describe, expect, it } from 'vitest';
import { keepTicksQuick } from '#service/quick-ticks';

const kept = (): unknown => Reflect.get(globalThis, Symbol.for('gatehouse.keptTick'));

describe('ticks', () => {
  it('are kept quick by an object that nextTick made, of the shape that it makes for all', async () => {
    keepTicksQuick();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(Object.keys(kept() as object)).toEqual(expect.arrayContaining(['callback', 'args']));
  });
});
