import { ownerTool } from './agents';
import { DAY_MS, HOUR_MS, WORLD_MS, type Call } from './call';
import { CONTINENTS, type Internet, type Located } from './internet';
import { anyCarrier, anyProvider, inRegion, line, lineLifetimeMs, program, type Changing } from './lines';
import type { Random } from '#demo/traffic/random';

/**
 * A team of 4 to 12 people who call the API by hand and by scripts, from wherever they are. What is assumed of a person:
 *
 * - five of seven days are working days, with 6 calls spread over the day, each from one place;
 * - 45 % at home, 30 % in the office, 15 % by phone, 10 % elsewhere in town: one of four usual places (three times in
 *   four), or a place never visited before;
 * - once in six weeks a trip of 2 days within the country: a place there, or the phone;
 * - once in 150 days a trip of 3 days abroad, within the continent two times in three: a hotel's line, or the phone,
 *   whose traffic goes home to its carrier as roaming traffic does.
 */
export const travellingTeam = (random: Random, internet: Internet, country: string): readonly Call[] => {
  const region = random.int(0, 7);
  const office = line(
    random,
    inRegion(anyProvider(random, internet, country), region).ipv4,
    lineLifetimeMs(random),
  );
  const people = random.int(4, 12);
  return Array.from({ length: people }, () =>
    personsCalls(random, internet, { country, region, office }),
  ).flat();
};

interface Home {
  readonly country: string;
  readonly region: number;
  readonly office: Changing<Located>;
}

const CALLS_A_DAY = 6;

const personsCalls = (
  random: Random,
  internet: Internet,
  { country, region, office }: Home,
): readonly Call[] => {
  /** A line of whoever serves that place. */
  const place = (where: string, part: number): Changing<Located> =>
    line(random, inRegion(anyProvider(random, internet, where), part).ipv4, lineLifetimeMs(random));
  const home = place(country, region);
  const phone = line(random, anyCarrier(random, internet, country).ipv4, 6 * HOUR_MS);
  const usual = Array.from({ length: 4 }, () => place(country, region));
  const agent = program(random, ownerTool(random));

  const aroundHome = (at: number): Located => {
    const luck = random.next();
    if (luck < 0.45) return home(at);
    if (luck < 0.75) return office(at);
    if (luck < 0.9) return phone(at);
    return (random.chance(0.75) ? random.pick(usual) : place(country, region))(at);
  };
  const away = (where: Changing<Located>) => (at: number) => (random.chance(0.6) ? where(at) : phone(at));

  const calls: Call[] = [];
  let tripEndsDay = 0;
  let whereabouts: (at: number) => Located = aroundHome;
  for (let day = 0; day < WORLD_MS / DAY_MS; day += 1) {
    if (day >= tripEndsDay) {
      whereabouts = aroundHome;
      if (random.chance(1 / 42)) {
        tripEndsDay = day + 2;
        whereabouts = away(place(country, random.int(0, 7)));
      } else if (random.chance(1 / 150)) {
        tripEndsDay = day + 3;
        whereabouts = away(place(abroad(random, country), random.int(0, 7)));
      }
    }
    if (day % 7 >= 5) continue;
    for (let call = 0; call < CALLS_A_DAY; call += 1) {
      const at = day * DAY_MS + (8 + (call + random.next()) * 2) * HOUR_MS;
      calls.push({ at, ...whereabouts(at), userAgent: agent(at) });
    }
  }
  return calls;
};

const abroad = (random: Random, home: string): string => {
  const others = Object.keys(CONTINENTS).filter((country) => country !== home);
  const near = others.filter((country) => CONTINENTS[country] === CONTINENTS[home]);
  return random.pick(near.length > 0 && random.chance(2 / 3) ? near : others);
};
