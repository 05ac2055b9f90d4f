import { describe, expect, it } from 'vitest';
import { AddressSketch } from '#service/log/record/flood-log';

describe('the sketch of many addresses', () => {
  it.each([20_000, 1_000_000, 3_000_000])('counts %i of them within one per cent', (many) => {
    const sketch = new AddressSketch();
    let counted = 0;
    for (let n = 0; n < many; n += 1) counted += sketch.add(`2001:db8::${n.toString(16)}`);
    expect(Math.abs(counted / many - 1)).toBeLessThan(0.01);
  });

  it('does not count an address again', () => {
    const sketch = new AddressSketch();
    for (let n = 0; n < 1_000; n += 1) sketch.add(`198.51.100.${n}`);
    for (let n = 0; n < 1_000; n += 1) expect(sketch.add(`198.51.100.${n}`)).toBe(0);
  });
});
