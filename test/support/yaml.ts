import { parsers } from 'prettier/plugins/yaml';
import type { ParserOptions } from 'prettier';
import { z } from 'zod';

/** What a YAML text holds; every scalar as its text. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

interface Node {
  readonly type: string;
  readonly value?: string | undefined;
  readonly children?: readonly (Node | null)[] | undefined;
}

const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z.object({
    type: z.string(),
    value: z.string().optional(),
    children: z.array(nodeSchema.nullable()).optional(),
  }),
);

const childrenOf = (node: Node): readonly Node[] => (node.children ?? []).filter((child) => child !== null);

const only = (node: Node): Node | undefined => childrenOf(node)[0];

const valueOf = (node: Node | undefined): YamlValue => {
  if (node === undefined) return '';
  switch (node.type) {
    case 'plain':
    case 'quoteDouble':
    case 'quoteSingle':
      return node.value ?? '';
    case 'sequence':
    case 'flowSequence':
      return childrenOf(node).map((item) => valueOf(only(item)));
    case 'mapping':
    case 'flowMapping':
      return Object.fromEntries(
        childrenOf(node).map((item) => {
          const [key, value] = childrenOf(item);
          const name = key && valueOf(only(key));
          if (typeof name !== 'string') throw new Error('a key is not a text');
          return [name, value === undefined ? '' : valueOf(only(value))];
        }),
      );
    default:
      throw new Error(`YAML of the kind "${node.type}" is not understood here`);
  }
};

/**
 * Reads one YAML document of mappings, sequences and one-line scalars, with the formatter's parser.
 * @throws Error where the text is no YAML, or holds anything else.
 */
export const parseYaml = async (text: string): Promise<YamlValue> => {
  // It reads nothing of its options but the text, which it is given for its error messages.
  const root = nodeSchema.parse(await parsers.yaml.parse(text, { originalText: text } as ParserOptions));
  const [document, ...others] = childrenOf(root);
  if (document === undefined || others.length > 0) throw new Error('there is not exactly one document');
  const body = childrenOf(document).find(({ type }) => type === 'documentBody');
  return valueOf(body && only(body));
};

/** What lies at the end of a path of keys and positions. @throws Error naming the step that leads nowhere. */
export const yamlAt = (value: YamlValue, ...path: readonly (string | number)[]): YamlValue => {
  let here = value;
  for (const [index, step] of path.entries()) {
    const next: YamlValue | undefined =
      typeof here === 'string' ? undefined : (here as Readonly<Record<string | number, YamlValue>>)[step];
    if (next === undefined) throw new Error(`there is nothing at ${path.slice(0, index + 1).join('.')}`);
    here = next;
  }
  return here;
};

/** The text that lies there. */
export const yamlText = (value: YamlValue, ...path: readonly (string | number)[]): string =>
  z.string().parse(yamlAt(value, ...path));

/** The texts of a sequence. */
export const yamlTexts = (value: YamlValue): readonly string[] => z.array(z.string()).parse(value);
