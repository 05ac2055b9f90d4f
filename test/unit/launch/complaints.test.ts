import { expect, it } from 'vitest';
import { isComplaint } from '#electron/launch/complaints';

it.each([
  ['[1382:1130/134819.827294:ERROR:viz_main_impl.cc(181)] Exiting GPU process due to errors', true],
  ['[12:34:0101/000000.000001:WARNING:bus.cc(399)] Failed to connect to the bus', true],
  ['(electron:1): Gtk-WARNING **: 13:00:00.000: Theme parsing error', true],
  ['libva error: vaGetDriverNameByIndex() failed', true],
  ['', true],
  ['Gatehouse cannot start: The folder /x belongs to another user.', false],
  ['Something went wrong in Gatehouse, which goes on. Its log has the details.', false],
  ['[1, 2, 3]', false],
])('%s', (line, is) => {
  expect(isComplaint(line)).toBe(is);
});
