import type { Random } from '#demo/traffic/random';
import { ownerTool } from './agents';
import { DAY_MS, HOUR_MS, WORLD_MS, type Call } from './call';
import { isFar, type Draw, type Internet, type Located, type Source } from './internet';
import { anyFixed, anyMobile, changing, lineLifetimeMs, lineOf, type Changing } from './lines';
import { ACCESS } from './networks';
import { handTool, teamJob } from './programs';

/**
 * A team of 3 to 8 people who call the API by hand and by scripts, from wherever they are. What is assumed of a person:
 *
 * - five of seven days are working days, from eight o'clock where they live, with 4 calls, each from one place;
 * - 45 % at home, 35 % in the office, 15 % by phone, 5 % elsewhere in town, with any provider;
 * - the team has phones of one or two carriers;
 * - once in six weeks a trip of 2 days within the country: a place there, or the phone;
 * - once in 120 days a trip of 3 days abroad, within the continent two times in three: a hotel's line, or the phone, whose
 *   traffic goes home to its carrier as roaming traffic does.
 */
export function travellingTeam(
  random: Random,
  internet: Internet,
  country: string,
): { readonly calls: readonly Call[]; readonly access: readonly Source[] } {
  const access: Source[] = [];
  const place = (where: string, isHome: boolean): Changing<Located> => {
    const source = anyFixed(random, internet, where);
    if (isHome) access.push(source);
    return lineOf(random, source, lineLifetimeMs(random));
  };
  const office = place(country, true);
  const carriers = Array.from({ length: random.int(1, 2) }, () => {
    const carrier = anyMobile(random, internet, country);
    access.push(carrier);
    return carrier.phones(random);
  });
  const job = teamJob(random);
  const calls = Array.from({ length: random.int(3, 8) }, () => {
    const home = place(country, true);
    const sends = handTool(random, ownerTool(random), job);
    return personsCalls(random, { country, home, office, carrier: random.pick(carriers) }, place, () =>
      abroad(random, internet, country),
    ).map(({ at, located }) => ({ at, ...located, ...sends(at) }));
  });
  return { calls: calls.flat(), access };
}

interface Person {
  readonly country: string;
  readonly home: Changing<Located>;
  readonly office: Changing<Located>;
  readonly carrier: Draw;
}

const CALLS_A_DAY = 4;

function personsCalls(
  random: Random,
  { country, home, office, carrier }: Person,
  place: (where: string, isHome: boolean) => Changing<Located>,
  otherCountry: () => string,
): { readonly at: number; readonly located: Located }[] {
  const phone = changing(random, 6 * HOUR_MS, () => carrier(random));
  const aroundHome: Changing<Located> = (at) => {
    const luck = random.next();
    if (luck < 0.45) return home(at);
    if (luck < 0.8) return office(at);
    return luck < 0.95 ? phone(at) : place(country, false)(at);
  };
  const away =
    (where: Changing<Located>): Changing<Located> =>
    (at) =>
      random.chance(0.6) ? where(at) : phone(at);
  const offset = (ACCESS[country]?.utcOffset ?? 0) * HOUR_MS;

  const calls: { at: number; located: Located }[] = [];
  let tripEndsDay = 0;
  let whereabouts = aroundHome;
  for (let day = 0; day < WORLD_MS / DAY_MS; day += 1) {
    if (day >= tripEndsDay) {
      whereabouts = aroundHome;
      if (random.chance(1 / 42)) {
        tripEndsDay = day + 2;
        whereabouts = away(place(country, false));
      } else if (random.chance(1 / 120)) {
        tripEndsDay = day + 3;
        whereabouts = away(place(otherCountry(), false));
      }
    }
    if (day % 7 >= 5) continue;
    for (let call = 0; call < CALLS_A_DAY; call += 1) {
      const at = Math.max(0, day * DAY_MS + (8 + (call + random.next()) * 2.5) * HOUR_MS - offset);
      calls.push({ at, located: whereabouts(at) });
    }
  }
  return calls;
}

function abroad(random: Random, { countries }: Internet, home: string): string {
  const others = countries.filter((country) => country !== home);
  const near = others.filter((country) => !isFar(country, home));
  return random.pick(near.length > 0 && random.chance(2 / 3) ? near : others);
}
