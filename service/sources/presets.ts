import type { RangeFormat } from '#shared/domain/range-format';
import { sentence } from '#shared/domain/sentence';
import { BOT_URLS, SOURCE_PRESETS, type SourcePreset } from '#shared/domain/source-presets';
import type { SourceSpecs, SourceSubject } from '#shared/domain/source-spec';
import type { ListFetcher } from './fetch-list';
import { SourceFailure } from './source-failure';

type Attributes = Readonly<Record<string, string>>;
type Filter = SourceSpecs['preset'];

/** The part of a list that is taken. */
export interface Choice {
  /** The formats that the list may have. A vendor's list of another shape has no attributes to choose by. */
  readonly formats: readonly RangeFormat[] | undefined;
  readonly takes: (attributes: Attributes) => boolean;
}

const ALL: Choice = { formats: undefined, takes: () => true };

function isOneOf(names: readonly string[], value: string | undefined): boolean {
  return names.length === 0 || names.some((name) => name.toLowerCase() === value?.toLowerCase());
}

/** Chooses by a service and a region. */
function byNames(service: string, region: string) {
  return ({ services, regions }: Filter, attributes: Attributes): boolean =>
    isOneOf(services, attributes[service]) && isOneOf(regions, attributes[region]);
}

/**
 * A tag holds the networks of all regions, and those of one region once more under the tag with the region's name behind it:
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview
 */
function byTag({ services, regions }: Filter, { tag = '', region }: Attributes): boolean {
  if (regions.length === 0) return isOneOf(services, tag);
  const isRegional = services.some((name) => tag.toLowerCase().startsWith(`${name.toLowerCase()}.`));
  return isRegional && isOneOf(regions, region);
}

const FILTERS: Readonly<
  Record<
    SourcePreset,
    {
      readonly formats: readonly RangeFormat[];
      readonly takes: (filter: Filter, attributes: Attributes) => boolean;
    }
  >
> = {
  aws: { formats: ['aws'], takes: byNames('service', 'region') },
  google: { formats: ['google'], takes: byNames('service', 'scope') },
  azure: { formats: ['azure'], takes: byTag },
  cloudflare: { formats: ['json', 'lines'], takes: () => true },
  github: { formats: ['github'], takes: ({ services }, { section }) => isOneOf(services, section) },
  fastly: { formats: ['fastly'], takes: () => true },
  oracle: {
    formats: ['oracle'],
    takes: ({ services, regions }, { tags = '', region }) =>
      (services.length === 0 || tags.split(' ').some((tag) => isOneOf(services, tag))) &&
      isOneOf(regions, region),
  },
  // Bots are chosen by the addresses of their lists.
  bots: { formats: ['google', 'json'], takes: () => true },
};

/** Returns what is taken of the lists of a source. */
export function choiceOf(subject: Extract<SourceSubject, { kind: 'url' | 'preset' }>): Choice {
  if (subject.kind === 'url') {
    const { format } = subject.spec;
    return format === undefined ? ALL : { ...ALL, formats: [format] };
  }
  const { spec } = subject;
  const { formats, takes } = FILTERS[spec.preset];
  const filter = { ...spec, services: servicesOf(spec) };
  return { formats, takes: (attributes) => takes(filter, attributes) };
}

function servicesOf({ preset, services }: Filter): string[] {
  return services.length > 0 ? services : [...(SOURCE_PRESETS[preset].usual ?? [])];
}

/** The page names the file of the week: https://learn.microsoft.com/azure/virtual-network/service-tags-overview */
const AZURE_FILE = /https:\/\/download\.microsoft\.com\/download\/[\w./-]*\/ServiceTags_Public_\d+\.json/;

/** Returns the addresses of the lists of a source. @throws SourceFailure */
export async function listsOf(
  subject: Extract<SourceSubject, { kind: 'url' | 'preset' }>,
  fetchList: ListFetcher,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { spec } = subject;
  if (spec.url !== undefined) return [spec.url];
  if (subject.kind === 'url') return [];
  const { preset } = subject.spec;
  const { url } = SOURCE_PRESETS[preset];
  if (preset === 'bots') {
    return servicesOf(subject.spec).map((bot) => {
      const list = BOT_URLS[bot];
      if (list === undefined) throw new SourceFailure(sentence('botUnknown', { bot }));
      return list;
    });
  }
  if (preset !== 'azure') return [url];
  const page = await fetchList(url, {}, signal);
  const [file] = (page.kind === 'changed' ? page.body.toString('utf8').match(AZURE_FILE) : null) ?? [];
  if (file === undefined) throw new SourceFailure(sentence('noServiceTags', { url }));
  return [file];
}
