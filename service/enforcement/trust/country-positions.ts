/**
 * Coarse positions of countries: a middle in whole degrees (latitude, longitude) and the radius in km, rounded up to the
 * next hundred, of a circle around it that contains the whole country. Territories with a code of their own (Réunion,
 * French Guiana, Svalbard) have their own circle; the circle of the United States contains Hawaii and Alaska. Computed from
 * the outlines of Natural Earth (public domain, https://www.naturalearthdata.com, scale 1:10 million).
 */
const CIRCLES = `
AD 43 2 100 | AE 25 54 300 | AF 34 68 900 | AG 17 -62 100 | AI 18 -63 100 | AL 41 20 200 | AM 40 45 200
AO -11 18 1000 | AQ -87 -23 3000 | AR -38 -66 1900 | AS -13 -170 300 | AT 48 13 400 | AU -29 135 2400
AW 13 -70 100 | AX 60 20 100 | AZ 40 48 300 | BA 44 17 300 | BB 13 -60 100 | BD 24 90 500 | BE 50 4 200
BF 11 -2 500 | BG 43 25 400 | BH 26 51 100 | BI -3 30 200 | BJ 9 2 400 | BL 18 -63 100 | BM 32 -65 100
BN 4 115 200 | BO -16 -64 900 | BQ 15 -66 500 | BR -10 -50 2700 | BS 24 -76 500 | BT 27 90 300
BW -23 24 700 | BY 53 28 400 | BZ 17 -89 200 | CA 62 -88 2800 | CC -12 97 100 | CD -4 23 1300
CF 6 21 800 | CG -1 15 700 | CH 47 8 200 | CI 7 -6 500 | CK -15 -160 900 | CL -36 -85 2600 | CM 7 13 700
CN 39 104 2700 | CO 5 -76 1300 | CR 8 -85 400 | CU 21 -80 700 | CV 16 -24 200 | CW 12 -69 100
CX -10 106 100 | CY 35 33 200 | CZ 50 15 300 | DE 51 10 500 | DJ 12 42 200 | DK 56 12 300 | DM 15 -61 100
DO 19 -70 300 | DZ 28 2 1200 | EC 0 -84 1000 | EE 59 25 300 | EG 27 31 900 | EH 24 -13 600 | ER 15 40 500
ES 35 -8 1300 | ET 8 40 900 | FI 65 25 600 | FJ -17 177 700 | FK -52 -60 200 | FM 8 151 1500
FO 62 -7 100 | FR 45 2 800 | GA -1 12 400 | GB 55 -4 700 | GD 12 -62 100 | GE 42 43 400 | GF 4 -53 300
GG 50 -2 100 | GH 8 -2 500 | GI 36 -5 100 | GL 72 -42 1400 | GM 13 -15 300 | GN 10 -11 500
GP 16 -61 100 | GQ 0 8 500 | GR 38 24 500 | GS -57 -33 500 | GT 16 -90 300 | GU 13 145 100
GW 12 -15 200 | GY 5 -59 500 | HK 22 114 100 | HM -53 74 100 | HN 15 -86 400 | HR 44 16 400
HT 19 -73 200 | HU 47 19 400 | ID -2 118 2700 | IE 53 -9 300 | IL 31 35 300 | IM 54 -5 100
IN 21 84 2000 | IO -6 72 200 | IQ 33 44 600 | IR 33 54 1200 | IS 65 -19 300 | IT 41 12 700 | JE 49 -2 100
JM 18 -77 200 | JO 31 37 400 | JP 31 139 1800 | KE 0 38 700 | KG 41 75 600 | KH 13 105 400
KI -7 -171 2300 | KM -12 44 200 | KN 17 -63 100 | KP 40 127 500 | KR 36 128 400 | KW 29 48 200
KY 20 -81 200 | KZ 51 67 1600 | LA 19 105 600 | LB 34 36 200 | LC 14 -61 100 | LI 47 10 100 | LK 8 80 300
LR 6 -9 400 | LS -30 28 200 | LT 55 24 300 | LU 50 6 100 | LV 56 25 300 | LY 27 19 1100 | MA 28 -10 1100
MC 44 7 100 | MD 47 28 200 | ME 43 19 200 | MF 18 -63 100 | MG -19 47 900 | MH 10 169 700 | MK 42 22 200
ML 17 -4 1000 | MM 19 98 1100 | MN 49 104 1300 | MO 22 114 100 | MP 17 145 400 | MQ 15 -61 100
MR 21 -11 900 | MS 17 -62 100 | MT 36 14 100 | MU -15 60 700 | MV 3 73 500 | MW -13 34 500
MX 26 -102 1800 | MY 6 109 1200 | MZ -19 37 1100 | NA -21 18 900 | NC -21 167 500 | NE 18 8 1000
NF -29 168 100 | NG 9 9 800 | NI 13 -85 300 | NL 52 5 300 | NO 65 16 1000 | NP 28 84 500 | NR -1 167 100
NU -19 -170 100 | NZ -31 -179 2600 | OM 22 55 700 | PA 9 -80 400 | PE -9 -73 1100 | PF -18 -144 1200
PG -6 148 1000 | PH 13 121 1000 | PK 31 69 1000 | PL 52 19 500 | PM 47 -56 100 | PN -24 -128 400
PR 18 -67 200 | PS 32 35 200 | PT 39 -19 1200 | PW 6 133 400 | PY -24 -59 600 | QA 25 51 200
RE -21 56 100 | RO 46 25 400 | RS 44 21 300 | RU 66 91 4200 | RW -2 30 200 | SA 25 45 1200
SB -10 162 800 | SC -7 51 700 | SD 15 30 1100 | SE 62 16 900 | SG 1 104 100 | SH -24 -12 1900
SI 46 15 200 | SJ 76 5 1100 | SK 49 20 300 | SL 8 -12 300 | SM 44 12 100 | SN 14 -14 400 | SO 5 46 1000
SR 4 -56 300 | SS 7 30 800 | ST 1 7 200 | SV 14 -89 200 | SX 18 -63 100 | SY 35 39 400 | SZ -27 32 200
TC 22 -72 200 | TD 15 17 1000 | TF -31 56 2400 | TG 9 1 400 | TH 13 101 900 | TJ 38 71 400
TK -9 -172 200 | TL -9 126 300 | TM 40 60 700 | TN 34 10 500 | TO -19 -176 400 | TR 39 35 900
TT 11 -61 200 | TV -8 178 400 | TW 24 120 300 | TZ -6 35 800 | UA 49 31 700 | UG 1 32 500
UM 34 -134 6100 | US 44 -128 4800 | UY -32 -56 400 | UZ 43 65 800 | VA 42 12 100 | VC 13 -61 100
VE 8 -66 900 | VG 19 -65 100 | VI 18 -65 100 | VN 16 105 900 | VU -17 168 500 | WF -14 -177 200
WS -14 -172 100 | XK 43 21 200 | YE 15 49 700 | YT -13 45 100 | ZA -35 29 1600 | ZM -13 28 800
ZW -19 29 500
`;

interface Circle {
  readonly latitude: number;
  readonly longitude: number;
  readonly reachKm: number;
}

function readCircles(text: string): ReadonlyMap<string, Circle> {
  return new Map(
    text
      .trim()
      .split(/[|\n]/)
      .map((entry) => {
        const [country, ...numbers] = entry.trim().split(' ');
        const [latitude, longitude, reachKm] = numbers.map(Number);
        if (
          country === undefined ||
          latitude === undefined ||
          longitude === undefined ||
          reachKm === undefined
        ) {
          throw new Error(`Not a country and its circle: ${entry}`);
        }
        return [country, { latitude, longitude, reachKm }];
      }),
  );
}

const COUNTRIES = readCircles(CIRCLES);

export const COUNTRIES_WITH_POSITION: readonly string[] = [...COUNTRIES.keys()];

const EARTH_RADIUS_KM = 6371;
/** Distances are rounded down to this, because the positions are no more precise. */
const STEP_KM = 100;

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Returns the distance between the middles of two circles, by the haversine formula. */
function betweenMiddlesKm(a: Circle, b: Circle): number {
  const half = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2;
  const h =
    half(b.latitude - a.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(b.longitude - a.longitude);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * Returns the least distance between any two points of two countries in km, rounded down to whole hundreds: too low rather
 * than too high, and 0 for neighbours. Undefined if a country (ISO 3166 alpha-2) has no known position.
 */
export function leastDistanceKm(from: string, to: string): number | undefined {
  const a = COUNTRIES.get(from);
  const b = COUNTRIES.get(to);
  if (a === undefined || b === undefined) return undefined;
  if (from === to) return 0;
  const gapKm = betweenMiddlesKm(a, b) - a.reachKm - b.reachKm;
  return Math.max(0, Math.floor(gapKm / STEP_KM) * STEP_KM);
}
